import type { RunStore } from '#core/ports/run-store.ts';
import { runSchema, withMark, type Run } from '#core/runs/run.ts';

/** Runs in memory, with the guarantees of the table. */
export function inMemoryRunStore(...given: readonly Run[]): RunStore {
  const keyOf = (tenant: string, id: string): string => JSON.stringify([tenant, id]);
  const runs = new Map<string, Run>(given.map((run) => [keyOf(run.tenant, run.id), run]));
  const get = (tenant: string, id: string): Run | null => {
    const run = runs.get(keyOf(tenant, id));
    return run ? runSchema.parse(structuredClone(run)) : null;
  };
  return {
    get: async (tenant, id) => get(tenant, id),
    async create(run) {
      const existing = get(run.tenant, run.id);
      if (existing) return { created: false, run: existing };
      runs.set(keyOf(run.tenant, run.id), structuredClone(run));
      return { created: true, run };
    },
    async mark(tenant, id, what, time) {
      const run = get(tenant, id);
      const marked = run && withMark(run, what, time);
      if (!marked) return run;
      runs.set(keyOf(tenant, id), marked);
      return marked;
    },
    async *list(tenant, after) {
      const own = [...runs.values()].filter((run) => run.tenant === tenant);
      const sorted = own.toSorted((a, b) => b.createdAt - a.createdAt);
      yield* sorted.filter((run) => after === undefined || run.createdAt < after.createdAt);
    },
  };
}
