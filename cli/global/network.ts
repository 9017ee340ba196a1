import { z } from 'zod';
import { notEverywhere } from '../regions/unreached.ts';
import { UserError } from '../user-error.ts';
import { roundTripMs } from './distances.ts';
import type { RunningGlobal, RunningRegion } from './registry.ts';
import { ANSWERS_WITHIN_MS, NoAnswer, whySilent } from './silence.ts';

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

/** Reads a region's replication and network. Rejects if the region does not answer. */
export async function readRegion(region: RunningRegion, secret: string): Promise<RegionState> {
  return stateSchema.parse(await call(region, secret, 'GET', '/_regions'));
}

/** Whether no way that leaves the region is whole. */
export const isCutOff = ({ network }: Pick<RegionState, 'network'>): boolean =>
  network.length > 0 && network.every(({ cut }) => cut);

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
 * Changes the ways that lead from and to a region, at every region that is up; a region that starts has whole ways. Throws a
 * `UserError` that names the regions where they could not be changed; those of the others are.
 * @param name the region's name; null for all ways
 */
export async function changePaths(running: RunningGlobal, name: string | null, change: PathChange): Promise<void> {
  const about = running.regions.find((region) => region.name === name)?.region;
  const up = running.regions.filter(({ pid }) => pid !== null);
  const tried = await Promise.allSettled(
    up.map(async (region) => {
      const { network } = await readRegion(region, running.secret);
      const meant = network.filter(({ to }) => about === undefined || about === region.region || about === to);
      const changed = meant.map((path) => change(path, region.region));
      await call(region, running.secret, 'PUT', '/_regions/network', changed);
    }),
  );
  const unreached = up.flatMap((region, index) => {
    const one = tried[index];
    return one?.status === 'rejected' ? [{ region: region.name, problem: whySilent(region.pid, one.reason) }] : [];
  });
  const [first] = unreached;
  if (first === undefined) return;
  const kill = `end what hangs with npm run fleet -- global kill ${first.region}`;
  throw notEverywhere(
    unreached,
    'what leaves a region takes its way as before',
    `Run the command again, or ${kill}: a region starts with a whole network.`,
  );
}

async function call(
  { name, endpoint }: RunningRegion,
  secret: string,
  method: 'GET' | 'PUT',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answering = fetch(`${endpoint}${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
  const [response, text] = await answering
    .then(async (answer) => [answer, await answer.text()] as const)
    .catch((error: unknown) => {
      throw error instanceof Error && error.name === 'TimeoutError' ? new NoAnswer() : error;
    });
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  throw new UserError(
    `Region ${name} answered ${response.status}: ${text}`,
    'Restart the regions: npm run fleet -- global down, then global up.',
  );
}
