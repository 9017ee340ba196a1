import type { SessionStore } from '#core/ports/session-store.ts';
import { sessionSchema } from '#core/sessions/session.ts';

/** Sessions in memory, each written on condition of its version and kept as JSON. */
export function inMemorySessionStore(): SessionStore {
  const sessions = new Map<string, string>();
  const keyOf = (tenant: string, id: string): string => JSON.stringify([tenant, id]);
  return {
    async get(tenant, id) {
      const json = sessions.get(keyOf(tenant, id));
      return json === undefined ? null : sessionSchema.parse(JSON.parse(json));
    },
    async write(next) {
      const key = keyOf(next.tenant, next.id);
      const stored = sessions.get(key);
      const version = stored === undefined ? 0 : sessionSchema.parse(JSON.parse(stored)).version;
      if (version !== next.version - 1) return 'conflict';
      sessions.set(key, JSON.stringify(next));
      return 'written';
    },
  };
}
