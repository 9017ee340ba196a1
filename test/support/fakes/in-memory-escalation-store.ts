import { escalationSchema, type Escalation } from '#core/escalations/escalation.ts';
import type { EscalationStore } from '#core/ports/escalation-store.ts';

/**
 * Escalations in memory.
 * Honours: put if absent, conditions judged when the call is made, copies in and out, order and pages of the listing.
 * Does not honour: an index that trails.
 */
export function inMemoryEscalationStore(): EscalationStore {
  const known = new Map<string, string>();
  const read = (id: string): Escalation | null => {
    const json = known.get(id);
    return json === undefined ? null : escalationSchema.parse(JSON.parse(json));
  };
  const write = (escalation: Escalation): void => void known.set(escalation.id, JSON.stringify(escalation));
  return {
    get: async (id) => read(id),
    async create(escalation) {
      if (known.has(escalation.id)) return 'exists';
      write(escalation);
      return 'created';
    },
    async replace(next) {
      if (read(next.id)?.version !== next.version - 1) return 'conflict';
      write(next);
      return 'replaced';
    },
    async *list({ tenant, status, after }) {
      const all = [...known.keys()].flatMap((id) => read(id) ?? []);
      yield* all
        .filter((one) => one.tenant === tenant && (one.state.status === 'answered') === (status === 'answered'))
        .filter((one) => !after || order(one, after) > 0)
        .toSorted(order);
    },
  };
}

type Place = Pick<Escalation, 'createdAt' | 'id'>;

const order = (a: Place, b: Place): number => a.createdAt - b.createdAt || (a.id < b.id ? -1 : Number(a.id > b.id));
