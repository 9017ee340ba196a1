import type { HostPaceStore } from '#core/ports/host-pace-store.ts';
import { hostPaceSchema } from '#core/web/politeness.ts';

/** Paces of sites in memory, with the guarantees of the table: one conditional write of one item at a time. */
export function inMemoryHostPaceStore(): HostPaceStore {
  const paces = new Map<string, string>();
  const read = (host: string) => {
    const json = paces.get(host);
    return json === undefined ? null : hostPaceSchema.parse(JSON.parse(json));
  };
  return {
    read: async (host) => read(host),
    async replace(next) {
      if ((read(next.host)?.version ?? 0) !== next.version - 1) return 'conflict';
      paces.set(next.host, JSON.stringify(next));
      return 'replaced';
    },
  };
}
