import { z } from 'zod';
import { plainMessage } from '#core/parse/plain-message.ts';
import { apiKeySchema } from '#core/keys/key.ts';
import type { TenantLimits } from '#core/ports/limits.ts';
import { parseOptions } from '../parse-options.ts';
import { notEverywhere } from '../regions/unreached.ts';
import { dollars } from '../terminal/format.ts';
import { facts } from '../terminal/table.ts';
import type { Output } from '../terminal/output.ts';
import { numberOption, wholeOption } from '../whole-option.ts';
import { withKeys, type PlaceOptions } from './place.ts';

/** `none` removes one limit. */
const orNone = <Limit extends z.ZodType>(limit: Limit) =>
  z.unknown().transform((text, context): z.output<Limit> | null => {
    if (text === 'none') return null;
    const parsed = limit.safeParse(text);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue(`${plainMessage(issue)}, or none`);
    return z.NEVER;
  });

const optionsSchema = z.object({
  tenant: apiKeySchema.shape.tenant,
  dayUsd: orNone(numberOption.nonnegative()).optional(),
  dayTokens: orNone(wholeOption(0, Number.MAX_SAFE_INTEGER)).optional(),
  concurrent: orNone(wholeOption(1, 100_000)).optional(),
  none: z.boolean().default(false),
});

/**
 * `fleet limits`: shows the tenant's limits, or sets those that are given and keeps the others. Throws a `UserError` after it
 * set them if a region was not reached.
 */
export async function tenantLimits(
  name: string,
  raw: PlaceOptions & { json?: boolean },
  output: Output,
): Promise<void> {
  const { tenant, none, ...given } = parseOptions(optionsSchema, { ...raw, tenant: name }, 'limits', ['tenant']);
  const changes = Object.entries(given).filter(([, value]) => value !== undefined);
  const { limits, unreached } = await withKeys(raw, async (keys) => {
    const present = await keys.limits.ofTenant(tenant);
    if (!none && changes.length === 0) return { limits: present, unreached: [] };
    const next = none ? {} : changed(present, changes);
    await keys.limits.setTenant(tenant, next);
    return { limits: next, unreached: await keys.lookAgain(tenant) };
  });
  if (raw.json) output.json({ tenant, ...limits });
  else show(tenant, limits, output);
  if (unreached.length === 0) return;
  const missing = 'the limits are set, and tasks that wait for the old ones go on waiting until their turn comes';
  throw notEverywhere(unreached, missing, 'To wake them at once, run the command again when the region answers.');
}

function show(tenant: string, limits: TenantLimits, output: Output): void {
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

function changed(present: TenantLimits, changes: readonly (readonly [string, unknown])[]): TenantLimits {
  const next = Object.entries({ ...present, ...Object.fromEntries(changes) });
  return Object.fromEntries(next.filter(([, value]) => value !== null));
}
