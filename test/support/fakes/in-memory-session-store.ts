import type { SessionStore } from '#core/ports/session-store.ts';
import { sessionSchema, type Session } from '#core/sessions/session.ts';

/** Sessions in memory, each written on condition of its version and kept as JSON. */
export function inMemorySessionStore(): SessionStore {
  const sessions = new Map<string, string>();
  const keyOf = (tenant: string, id: string): string => JSON.stringify([tenant, id]);
  const read = (tenant: string, id: string): Session | null => {
    const json = sessions.get(keyOf(tenant, id));
    return json === undefined ? null : sessionSchema.parse(JSON.parse(json));
  };
  return {
    get: async (tenant, id) => read(tenant, id),
    async create(first) {
      const stored = read(first.tenant, first.id);
      if (stored === null) sessions.set(keyOf(first.tenant, first.id), JSON.stringify(first));
      return stored;
    },
    async write(next) {
      if ((read(next.tenant, next.id)?.version ?? 0) !== next.version - 1) return 'conflict';
      sessions.set(keyOf(next.tenant, next.id), JSON.stringify(next));
      return 'written';
    },
  };
}
