import { setTimeout as delay } from 'node:timers/promises';
import { FleetClient, FleetError } from '#client/index.ts';
import { hasEnded } from '#client/wait.ts';
import type { RunningRegion } from '../registry.ts';
import { endOf, type Books } from './books.ts';
import { addressesOf } from './callers.ts';

const PATIENCE_MS = 90_000;
const LOOK_EVERY_MS = 2_000;

/**
 * Once all regions are back: asks each of them, without failover, how every accepted task ended, until all that were
 * accepted have ended everywhere or the patience is over. What ended differently in two regions is in the books then.
 */
export async function readAtTheEnd(
  { regions, key, books }: { readonly regions: readonly RunningRegion[]; readonly key: string; readonly books: Books },
  onProgress: (text: string) => void,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const left = new Map(addressesOf(regions).map(({ name }) => [name, new Set(books.accepted.map(({ id }) => id))]));
  const clients = new Map(
    addressesOf(regions).map(({ name, url }) => [name, new FleetClient({ url, key, attempts: 3 })]),
  );
  for (;;) {
    await Promise.all(
      [...clients].map(([name, client]) =>
        readRegion(name, client, books, { left: left.get(name) ?? new Set(), deadline }),
      ),
    );
    const missing = Math.max(...[...left.values()].map((ids) => ids.size));
    onProgress(`Reading how tasks ended in each region: ${missing} are open`);
    if (missing === 0 || Date.now() > deadline) return;
    await delay(LOOK_EVERY_MS);
  }
}

/** Asks one region for the ends of the tasks in `left`, and removes those that have ended. */
async function readRegion(
  name: string,
  client: FleetClient,
  books: Books,
  { left, deadline }: { readonly left: Set<string>; readonly deadline: number },
): Promise<void> {
  const entries = new Map(books.accepted.map((entry) => [entry.id, entry]));
  try {
    for await (const task of client.list({ agent: 'assistant' })) {
      if (!left.has(task.id) || !hasEnded(task)) continue;
      entries.get(task.id)?.ends.push({ by: name, status: task.status, finishedAt: task.finishedAt });
      left.delete(task.id);
    }
    // What a list does not have is asked for by its id.
    for (const id of left) {
      if (Date.now() > deadline) return;
      const task = await client.get(id).catch(onlyFleetErrors);
      if (!task || !hasEnded(task)) continue;
      entries.get(id)?.ends.push(endOf(task, name));
      left.delete(id);
    }
  } catch (error) {
    onlyFleetErrors(error);
  }
}

/** A region that does not answer now is asked again. */
function onlyFleetErrors(error: unknown): null {
  if (error instanceof FleetError) return null;
  throw error;
}
