import { setTimeout as delay } from 'node:timers/promises';
import type { Receiver } from './receiver.ts';

const QUIET_MS = 6_000;
const PATIENCE_MS = 60_000;

/** Waits until no notification has come for some seconds: analyses follow their alerts. */
export async function quiet({ received }: Receiver, signal: AbortSignal): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await delay(200, undefined, { signal })) {
    const last = received.at(-1)?.at ?? 0;
    if (Date.now() - Math.max(last, end - PATIENCE_MS) > QUIET_MS) return;
  }
}
