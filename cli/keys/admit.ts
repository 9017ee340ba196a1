import { z } from 'zod';
import { callerOf, keyId, type ApiKey } from '#core/keys/key.ts';
import { command } from '#core/waiting/commands.ts';
import { parseOptions } from '../parse-options.ts';
import { notEverywhere, optionsOf, type Unreached } from '../regions/unreached.ts';
import { count } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { numberOption } from '../whole-option.ts';
import type { Keeping } from './keeping.ts';
import { withKeys, type PlaceOptions } from './place.ts';
import { UserError } from '../user-error.ts';
import { findKey, type Listing } from './revoke.ts';

/** A key's own rate, in requests per second. */
export const rateOption = numberOption.min(0.1).max(10_000).optional();

const optionsSchema = z.object({ rate: rateOption });

/**
 * `fleet keys admit`: registers a key, or all that are valid, at the API Gateway of each region. It completes what a region
 * that was not reached misses, and gives a new region the keys. Repeating it changes nothing. Throws a `UserError` if a
 * region was not reached, and for a key that was revoked or has expired.
 */
export async function admitKeys(
  id: string | undefined,
  raw: PlaceOptions & { json?: boolean },
  output: Output,
): Promise<void> {
  const { rate } = parseOptions(optionsSchema, raw, 'keys admit');
  const { admitted, unreached } = await withKeys(raw, async (keys) => {
    const chosen = id === undefined ? await validKeys(keys) : [await findValid(keys, id)];
    const missed = new Map<string, Unreached>();
    for (const key of chosen) {
      const name = keyId(key);
      for (const each of await keys.admit(key.hash, name, rate ?? (await keys.rateOf(name))))
        missed.set(each.region, each);
    }
    return { admitted: chosen.map(keyId), unreached: [...missed.values()] };
  });
  if (raw.json) output.json({ admitted });
  else output.line(`Admitted ${count(admitted.length, 'key')}.`);
  throwIfNotAdmitted(unreached, id, rate, raw);
}

const validKeys = async ({ store }: Keeping): Promise<readonly ApiKey[]> =>
  (await Array.fromAsync(store.list())).filter((key) => callerOf(key, Date.now()) !== null);

/** Finds a key by its id. Throws a `UserError` if there is none that is valid. */
export async function findValid(keys: Listing, id: string): Promise<ApiKey> {
  const key = await findKey(keys, id);
  if (callerOf(key, Date.now()) !== null) return key;
  const why = key.revokedAt === undefined ? 'has expired' : 'was revoked';
  throw new UserError(`Key "${id}" ${why}.`, 'Create another one: npm run fleet -- keys create --name NAME');
}

/** Throws a `UserError` with the command that completes an admission if a region was not reached. */
export function throwIfNotAdmitted(
  unreached: readonly Unreached[],
  id: string | undefined,
  rate: number | undefined,
  { env = null }: { readonly env?: string | null },
): void {
  if (unreached.length === 0) return;
  const words = ['keys', 'admit', ...(id === undefined ? [] : [id]), ...optionsOf(env)];
  const again = command(...words, ...(rate === undefined ? [] : ['--rate', String(rate)]));
  throw notEverywhere(
    unreached,
    'the API Gateway does not know the key',
    `Complete it when the region answers: ${again}`,
  );
}
