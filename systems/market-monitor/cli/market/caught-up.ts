import { setTimeout as delay } from 'node:timers/promises';
import { putInOrder } from '#adapters/kinesis/put-events.ts';
import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import type { MarketOfFleet } from './own-fleet.ts';

/** An instrument that nobody holds: events of it change nothing. */
export const MARKER = 'cik:0000000000';
const POLL_MS = 200;
const PATIENCE_MS = 120_000;

/**
 * Waits until the router has handled all that was sent before, with its effects. It sends a marker and waits for it, twice:
 * the second one can only be in a batch after that of the first. The stream has one shard, so it keeps the order.
 */
export async function caughtUp(market: MarketOfFleet, signal: AbortSignal): Promise<void> {
  await mark(market, signal);
  await mark(market, signal);
}

let marks = 0;

async function mark({ kinesis, stream, table }: MarketOfFleet, signal: AbortSignal): Promise<void> {
  const subjects = dynamodbSubjectStore({ table: table.table, router: 'market', client: table.client });
  const id = `${Date.now()}-${(marks += 1)}`;
  const event = {
    specversion: '1.0',
    id,
    source: 'market-demo',
    type: 'market.corporate-action.v1',
    subject: MARKER,
    time: new Date().toISOString(),
    data: { ticker: 'MARKER', action: 'dividend', exDate: '2026-01-01', amount: 1 },
  };
  await putInOrder(kinesis, stream, [{ key: MARKER, bytes: Buffer.from(JSON.stringify(event)) }], signal);
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await delay(POLL_MS, undefined, { signal })) {
    const item = (await subjects.getMany([MARKER])).get(MARKER);
    if (item?.ids.some(([, known]) => known === id) === true) return;
  }
  throw new Error(
    'The router has not handled an event within two minutes. See its log with fleet streams list --bucket NAME.',
  );
}
