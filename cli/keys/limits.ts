import { z } from 'zod';
import { apiKeySchema } from '#core/keys/key.ts';
import type { TenantLimits } from '#core/ports/limits.ts';
import { parseOptions } from '../parse-options.ts';
import { dollars } from '../terminal/format.ts';
import { facts } from '../terminal/table.ts';
import type { Output } from '../terminal/output.ts';
import { wholeOption } from '../whole-option.ts';
import { withKeys, type PlaceOptions } from './place.ts';

const optionsSchema = z.object({
  tenant: apiKeySchema.shape.tenant,
  dayUsd: z.coerce.number({ error: 'must be a number' }).nonnegative().optional(),
  dayTokens: wholeOption('day-tokens', 0, Number.MAX_SAFE_INTEGER).optional(),
  concurrent: wholeOption('concurrent', 1, 100_000).optional(),
  none: z.boolean().default(false),
});

/** `fleet limits`: sets the tenant's limits. A limit that is not given is removed. */
export async function tenantLimits(
  name: string,
  raw: PlaceOptions & { json?: boolean },
  output: Output,
): Promise<void> {
  const { tenant, none, ...given } = parseOptions(optionsSchema, { ...raw, tenant: name }, 'limits');
  const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as TenantLimits;
  const limits = await withKeys(raw, async (keys) => {
    if (none || Object.keys(wanted).length > 0) {
      await keys.limits.setTenant(tenant, none ? {} : wanted);
      await keys.lookAgain(tenant);
    }
    return keys.limits.ofTenant(tenant);
  });
  if (raw.json) return output.json({ tenant, ...limits });
  if (Object.keys(limits).length === 0) return output.line(`Tenant ${tenant} has no limits.`);
  const { dayUsd, dayTokens, concurrent } = limits;
  output.line(
    facts({
      tenant,
      'a day': dayUsd === undefined ? undefined : dollars(dayUsd),
      'tokens a day': dayTokens?.toLocaleString('en-US'),
      'at once': concurrent === undefined ? undefined : `${concurrent} tasks`,
    }),
  );
}
