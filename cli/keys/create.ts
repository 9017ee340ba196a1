import { z } from 'zod';
import { scopeSchema } from '#core/api/http/caller.ts';
import { agentName } from '#core/api/tasks/messages.ts';
import { apiKeySchema, keyId, storedScopes } from '#core/keys/key.ts';
import { sha256 } from '../fleet/paths.ts';
import { parseOptions } from '../parse-options.ts';
import { facts } from '../terminal/table.ts';
import type { Output } from '../terminal/output.ts';
import { rateOption, throwIfNotAdmitted } from './admit.ts';
import { numberOption } from '../whole-option.ts';
import { newKeyText } from './keeping.ts';
import { withKeys, type PlaceOptions } from './place.ts';

const DAY_MS = 86_400_000;

const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

const optionsSchema = z.object({
  name: apiKeySchema.shape.name,
  tenant: apiKeySchema.shape.tenant,
  scopes: z
    .string()
    .transform(words)
    .pipe(
      z
        .array(scopeSchema)
        .min(1)
        // A key with `fleet` alone would have no scope that release 0.2 knows.
        .refine((scopes) => scopes.some((scope) => scope !== 'fleet'), 'must name another scope beside fleet'),
    ),
  agents: z.string().transform(words).pipe(z.array(agentName).min(1)).optional(),
  days: numberOption.positive().max(3_650).optional(),
  rate: rateOption,
});

/**
 * `fleet keys create`: registers the key at API Gateway, then puts its hash in the table. Until the second step the
 * key is not valid, so an interruption does no harm. The key itself is not stored. Throws a `UserError` after it showed the
 * key if a region does not have it yet.
 */
export async function createKey(raw: PlaceOptions & { json?: boolean }, output: Output): Promise<void> {
  const { name, tenant, scopes, agents = null, rate, days } = parseOptions(optionsSchema, raw, 'keys create');
  const key = newKeyText();
  const hash = sha256(key);
  const id = keyId({ hash });
  const createdAt = Date.now();
  const expiry = days === undefined ? {} : { validUntil: createdAt + days * DAY_MS };
  const { callbackSecret, unreached } = await withKeys(raw, async (keys) => {
    const unreached = await keys.admit(hash, id, rate);
    await keys.store.create({ hash, name, tenant, ...storedScopes(scopes), agents, createdAt, ...expiry });
    return { callbackSecret: await keys.signingSecret(tenant), unreached };
  });
  const until = expiry.validUntil === undefined ? {} : { validUntil: new Date(expiry.validUntil).toISOString() };
  if (raw.json) output.json({ id, name, tenant, scopes, agents, rate, ...until, key, callbackSecret });
  else {
    output.line(facts({ id, tenant, scopes: scopes.join(', '), agents: agents?.join(', ') ?? 'all', ...until }));
    show(key, tenant, callbackSecret, output);
  }
  throwIfNotAdmitted(unreached, id, rate, raw);
}

function show(key: string, tenant: string, callbackSecret: string | undefined, output: Output): void {
  output.line();
  output.line('The key is shown only this once. Store it like a password:');
  output.line(`  ${key}`);
  if (callbackSecret === undefined) return;
  output.line(`The tenant ${tenant} verifies callbacks with this secret (docs/callbacks.md):`);
  output.line(`  ${callbackSecret}`);
}
