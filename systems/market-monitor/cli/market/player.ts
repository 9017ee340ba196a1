import { setTimeout as delay } from 'node:timers/promises';

const TICK_MS = 100;

/**
 * Calls `send` with records at an even rate. A burst of one instant stays together in time as far as the rate allows.
 * @param perSecond records
 */
export async function paced<Each>(
  records: Iterable<Each>,
  perSecond: number,
  send: (batch: readonly Each[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  let sent = 0;
  let batch: Each[] = [];
  for (const record of records) {
    batch.push(record);
    const due = startedAt + ((sent + batch.length) / perSecond) * 1_000;
    if (due - startedAt < (sent / perSecond) * 1_000 + TICK_MS) continue;
    await send(batch);
    sent += batch.length;
    batch = [];
    const early = due - performance.now();
    if (early > 0) await delay(early, undefined, { signal });
    signal.throwIfAborted();
  }
  if (batch.length > 0) await send(batch);
}
