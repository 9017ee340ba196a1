import { setTimeout as delay } from 'node:timers/promises';
import { putInOrder } from '#adapters/kinesis/put-events.ts';
import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import { ROUTER } from '../../router/name.ts';
import type { MarketOfFleet } from './own-fleet.ts';

/** An instrument that nobody holds: events of it change nothing. */
export const MARKER = 'cik:0000000000';
const POLL_MS = 200;

/**
 * Waits until the router has handled all that was sent before, with its effects. It sends a marker and waits for it, twice:
 * the second one can only be in a batch after that of the first. The stream has one shard, so it keeps the order.
 * @returns whether it has within `patienceMs`
 */
export async function caughtUp(market: MarketOfFleet, signal: AbortSignal, patienceMs: number): Promise<boolean> {
  const end = Date.now() + patienceMs;
  return (await mark(market, signal, end)) && mark(market, signal, end);
}

let marks = 0;

async function mark({ kinesis, stream, table }: MarketOfFleet, signal: AbortSignal, end: number): Promise<boolean> {
  const subjects = dynamodbSubjectStore({ table: table.table, router: ROUTER, client: table.client });
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
  for (; Date.now() < end; await delay(POLL_MS, undefined, { signal })) {
    const item = (await subjects.getMany([MARKER])).get(MARKER);
    if (item?.ids.some(([, known]) => known === id) === true) return true;
  }
  return false;
}
