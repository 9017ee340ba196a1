import type { PermitStore, Waiting } from '#core/ports/permit-store.ts';
import { permitsSchema } from '#core/tenants/permits.ts';

/** Permits in memory, each tenant's written on condition of its version and kept as JSON. */
export function inMemoryPermitStore(): PermitStore {
  const permits = new Map<string, string>();
  const lines = new Map<string, Map<string, Waiting>>();
  const lineOf = (tenant: string): Map<string, Waiting> => {
    const line = lines.get(tenant) ?? new Map<string, Waiting>();
    lines.set(tenant, line);
    return line;
  };
  return {
    async get(tenant) {
      const json = permits.get(tenant);
      return json === undefined ? null : permitsSchema.parse(JSON.parse(json));
    },
    async write(next) {
      const stored = permits.get(next.tenant);
      const version = stored === undefined ? 0 : permitsSchema.parse(JSON.parse(stored)).version;
      if (version !== next.version - 1) return 'conflict';
      permits.set(next.tenant, JSON.stringify(next));
      return 'written';
    },
    async line(tenant, waiting) {
      lineOf(tenant).set(waiting.taskId, { ...waiting });
    },
    async first(tenant, count) {
      return [...lineOf(tenant).values()].sort((a, b) => a.createdAt - b.createdAt).slice(0, count);
    },
    async unline(tenant, { taskId, epoch }) {
      if ((lineOf(tenant).get(taskId)?.epoch ?? 0) <= epoch) lineOf(tenant).delete(taskId);
    },
  };
}
