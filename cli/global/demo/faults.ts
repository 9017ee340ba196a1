import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { GlobalFleet } from '../global-fleet.ts';
import { changePaths, cutPath, healedPath } from '../network.ts';
import { clientNear } from './callers.ts';
import type { Loss } from './ledger.ts';
import type { Plan } from './plan.ts';

/** What the faults of a demo did. */
export interface Faults {
  readonly losses: readonly Loss[];
  readonly firstFaultAt: number;
  readonly takeoverS: number | null;
  readonly partitionTakeoverS: number | null;
}

/** A moment in the report. */
export type Note = (text: string) => void;

/** A region that is cut off may work for this long before it knows that others may take over: `quietMs` of the lease. */
const STOPS_WITHIN_MS = 30_000;
/** Between the faults, so that each is one alone. */
const REST_MS = 3_000;

/**
 * Kills a region with SIGKILL in the middle of the load, waits for its takeover and starts it again. Then cuts another one off,
 * waits for its takeover and heals the network. Resolves when all regions are back.
 */
export async function playFaults(
  fleet: GlobalFleet,
  { killed, partitioned, killAtMs }: Plan,
  signal: AbortSignal,
  note: Note,
): Promise<Faults> {
  await delay(killAtMs, undefined, { signal });
  const firstFaultAt = Date.now();
  note(`Region ${killed} is killed (SIGKILL).`);
  await fleet.kill(killed);
  const takeoverS = await takeoverOf(killed, partitioned, fleet, signal);
  note(`${killed} is taken over after ${words(takeoverS)}, as its callers see it. It is started again.`);
  await fleet.startRegion(killed);
  note(`Region ${killed} is back.`);
  await delay(REST_MS, undefined, { signal });

  const cutAt = Date.now();
  note(`Region ${partitioned} is cut off from the others. Its callers still reach it.`);
  await changePaths(fleet.running, partitioned, cutPath);
  const partitionTakeoverS = await takeoverOf(partitioned, killed, fleet, signal);
  note(`${partitioned} is taken over after ${words(partitionTakeoverS)}. The network is healed.`);
  await changePaths(fleet.running, null, healedPath);
  const losses: Loss[] = [
    { from: firstFaultAt, to: firstFaultAt },
    { from: cutAt, to: cutAt + STOPS_WITHIN_MS },
  ];
  return { losses, firstFaultAt, takeoverS, partitionTakeoverS };
}

const words = (seconds: number | null): string =>
  seconds === null ? 'no time: it never was' : `${seconds.toFixed(1)} s`;

/**
 * Seconds until a task is accepted whose key belongs to a home that was lost: the one that the longest waiting caller waits
 * for. Null if it is not within the client's patience.
 */
async function takeoverOf(home: string, near: string, fleet: GlobalFleet, signal: AbortSignal): Promise<number | null> {
  const startedAt = performance.now();
  const { regions, key } = fleet.running;
  // Callers of the lost region have nothing to do with this one, which asks the other regions only.
  const others = regions.filter(({ name }) => name !== home);
  const client = clientNear(near, { regions: others, key });
  try {
    await client.submit(
      { agent: 'assistant', instruction: 'What is 6 times 7?' },
      { idempotencyKey: `${home}.${randomUUID()}` },
    );
    return (performance.now() - startedAt) / 1_000;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}
