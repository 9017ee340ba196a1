import { paceSchema } from '#core/governor/pace.ts';
import type { GovernorStore } from '#core/ports/governor-store.ts';

/** Paces in memory, with the guarantees of the table: one conditional write of one item at a time, JSON's view of values. */
export function inMemoryGovernorStore(): GovernorStore {
  const paces = new Map<string, string>();
  const read = (model: string) => {
    const json = paces.get(model);
    return json === undefined ? null : paceSchema.parse(JSON.parse(json));
  };
  return {
    read: async (model) => read(model),
    async replace(next) {
      if ((read(next.model)?.version ?? 0) !== next.version - 1) return 'conflict';
      paces.set(next.model, JSON.stringify(next));
      return 'replaced';
    },
  };
}
