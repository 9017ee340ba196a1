import type { PlaceStore, Waiting } from '#core/ports/place-store.ts';
import { placesSchema } from '#core/tenants/places.ts';

/** Places in memory, each tenant's written on condition of its version and kept as JSON. */
export function inMemoryPlaceStore(): PlaceStore {
  const places = new Map<string, string>();
  const lines = new Map<string, Map<string, Waiting>>();
  const lineOf = (tenant: string): Map<string, Waiting> => {
    const line = lines.get(tenant) ?? new Map<string, Waiting>();
    lines.set(tenant, line);
    return line;
  };
  return {
    async get(tenant) {
      const json = places.get(tenant);
      return json === undefined ? null : placesSchema.parse(JSON.parse(json));
    },
    async write(next) {
      const stored = places.get(next.tenant);
      const version = stored === undefined ? 0 : placesSchema.parse(JSON.parse(stored)).version;
      if (version !== next.version - 1) return 'conflict';
      places.set(next.tenant, JSON.stringify(next));
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
