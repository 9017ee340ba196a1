import { setTimeout as delay } from 'node:timers/promises';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import type { MarketOfFleet } from './own-fleet.ts';
import type { Receiver } from './receiver.ts';

const QUIET_MS = 6_000;
const POLL_MS = 500;

/**
 * Waits until all notifications that stand in the alerts have come, and none has for some seconds: analyses follow their
 * alerts.
 * @returns how many have not come within `patienceMs`
 */
export async function settled(
  { table }: MarketOfFleet,
  portfolios: readonly string[],
  { received }: Receiver,
  signal: AbortSignal,
  patienceMs: number,
): Promise<number> {
  const startedAt = Date.now();
  for (;;) {
    const missing = await notCome(table, portfolios, new Set(received.map(({ id }) => id)));
    const now = Date.now();
    const isQuiet = now - Math.max(received.at(-1)?.at ?? 0, startedAt) > QUIET_MS;
    if ((missing === 0 && isQuiet) || now > startedAt + patienceMs) return missing;
    await delay(POLL_MS, undefined, { signal });
  }
}

async function notCome(table: MarketOfFleet['table'], portfolios: readonly string[], come: ReadonlySet<string>) {
  const alerts = dynamodbAlerts(table);
  let missing = 0;
  for (const portfolio of portfolios)
    for await (const { notifications } of alerts.ofPortfolio(portfolio))
      missing += notifications.filter(({ id }) => !come.has(id)).length;
  return missing;
}
