import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { keepHomes } from '#core/regions/keep-homes.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { parseJson } from '#runtime/parse/json.ts';
import { keepHomesEnv } from './env.ts';
import { keepHomesPorts } from './ports.ts';

const env = parseEnv(keepHomesEnv);
const { regions, ports } = keepHomesPorts(env, z.array(z.string()).parse(parseJson(env.AGENTS)));

/**
 * Starts each minute, and keeps for longer, so that a candidate that began to watch has half a minute to take over before it
 * ends.
 */
const KEEP_MS = 100_000;
/** What the last round may take. */
const RESERVE_MS = 5_000;

/** Keeps the homes of its region. */
export const handler = traced('keep-homes', async (_event: unknown, context: Context): Promise<void> => {
  const forMs = Math.min(KEEP_MS, context.getRemainingTimeInMillis() - RESERVE_MS);
  await keepHomes(ports, { region: regions.index, count: regions.all.length, forMs });
});
