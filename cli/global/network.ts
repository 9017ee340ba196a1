import { z } from 'zod';
import { UserError } from '../user-error.ts';
import { roundTripMs } from './distances.ts';
import type { RunningGlobal, RunningRegion } from './registry.ts';

/** The way from one region to another, for what leaves the first. */
const pathSchema = z.object({
  to: z.string(),
  roundTripMs: z.number(),
  jitterMs: z.number(),
  loss: z.number(),
  cut: z.boolean(),
});
export type NetworkPath = z.infer<typeof pathSchema>;

const stateSchema = z.object({
  replication: z.object({
    underWay: z.number(),
    conflicts: z.number(),
    lagMsP99: z.number().nullable(),
    lagMsMax: z.number().nullable(),
  }),
  network: z.array(pathSchema),
});
/** What a region's cloud says of its replication and of the ways that leave it. */
export type RegionState = z.infer<typeof stateSchema>;

/** A region that answers slower than this does not answer. */
const LIMIT_MS = 5_000;

/** Reads a region's replication and network. Rejects if the region does not answer. */
export async function readRegion(region: RunningRegion, secret: string): Promise<RegionState> {
  return stateSchema.parse(await call(region, secret, 'GET', '/_regions'));
}

/** A change to the ways between a region and the others, in both directions. */
export type PathChange = (path: NetworkPath, from: string) => NetworkPath;

export const cutPath: PathChange = (path) => ({ ...path, cut: true });

export const slowPath =
  (ms: number): PathChange =>
  (path) => ({ ...path, roundTripMs: ms });

export const healedPath: PathChange = (path, from) => ({
  ...path,
  roundTripMs: roundTripMs(from, path.to),
  cut: false,
});

/**
 * Changes the ways that lead from and to a region, at every region that is up; a region that starts has whole ways.
 * @param name the region's name; null for all ways
 */
export async function changePaths(running: RunningGlobal, name: string | null, change: PathChange): Promise<void> {
  const about = running.regions.find((region) => region.name === name)?.region;
  const up = running.regions.filter(({ pid }) => pid !== null);
  await Promise.all(
    up.map(async (region) => {
      const { network } = await readRegion(region, running.secret);
      const meant = network.filter(({ to }) => about === undefined || about === region.region || about === to);
      const changed = meant.map((path) => change(path, region.region));
      await call(region, running.secret, 'PUT', '/_regions/network', changed);
    }),
  );
}

async function call(
  { name, endpoint }: RunningRegion,
  secret: string,
  method: 'GET' | 'PUT',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${endpoint}${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  throw new UserError(
    `Region ${name} answered ${response.status}: ${text}`,
    'Restart the regions: npm run fleet -- global down, then global up.',
  );
}
