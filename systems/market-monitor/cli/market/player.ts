import { setTimeout as delay } from 'node:timers/promises';

const TICK_MS = 100;
/** Records of one call, also when it is far behind. */
const MAX_BATCH = 500;

/**
 * Calls `send` with records at an even rate. A burst of one instant stays together in time as far as the rate allows. When it
 * is behind, a call has everything that is due, so that a slow machine catches up.
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
  let next = 0;
  for (const record of records) {
    const early = next - performance.now();
    if (early > 0) await delay(early, undefined, { signal });
    batch.push(record);
    const due = startedAt + ((sent + batch.length) / perSecond) * 1_000;
    const until = Math.max(startedAt + (sent / perSecond) * 1_000 + TICK_MS, performance.now());
    if (due < until && batch.length < MAX_BATCH) continue;
    await send(batch);
    sent += batch.length;
    batch = [];
    next = due;
    signal.throwIfAborted();
  }
  if (batch.length > 0) await send(batch);
}
