import { z } from 'zod';
import { storedRecord } from '../stored/record.ts';

/** A tenant's limits over all its tasks. A missing field means no limit. */
export const tenantLimitsSchema = storedRecord({
  /** US dollars that its model calls may cost in one UTC day; zero for none at all. */
  dayUsd: z.number().nonnegative().optional(),
  /** Tokens of all kinds in one UTC day. */
  dayTokens: z.number().int().nonnegative().optional(),
  /** Tasks that are worked on at once. */
  concurrent: z.number().int().positive().optional(),
});
export type TenantLimits = z.infer<typeof tenantLimitsSchema>;

/** The limits of tenants, as an operator set them. */
export interface Limits {
  /** A tenant's limits, at most 30 seconds old; empty when none were set. */
  ofTenant(tenant: string): Promise<TenantLimits>;
  /** Replaces all of a tenant's limits; throws a `ZodError` that names a field out of range. */
  setTenant(tenant: string, limits: TenantLimits): Promise<void>;
}
