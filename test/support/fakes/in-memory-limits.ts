import { tenantLimitsSchema, type Limits, type TenantLimits } from '#core/ports/limits.ts';

/**
 * Limits in memory.
 * Honours: one set of limits a tenant, refused when out of range. Does not honour: that a change takes up to 30 seconds.
 */
export function inMemoryLimits(): Limits {
  const known = new Map<string, TenantLimits>();
  return {
    ofTenant: async (tenant) => known.get(tenant) ?? {},
    async setTenant(tenant, limits) {
      known.set(tenant, tenantLimitsSchema.parse(limits));
    },
  };
}
