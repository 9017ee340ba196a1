import type { Context } from 'aws-lambda';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import type { StreamApp } from '#core/streams/app.ts';
import { EMPTY } from '#core/streams/subject-item.ts';
import { routerTable } from '../../contract/router-table.ts';
import { seenBy, tally } from '../../core/streams/support.ts';

const at = routerTable();
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
type Handlers = typeof import('#runtime/handlers/stream-handler.ts');
let streamHandler: Handlers['streamHandler'];
let sweepStreamHandler: Handlers['sweepStreamHandler'];
let number = 0;
let subject: string;

beforeAll(async () => {
  const { client, table } = at();
  const { hostname = '', port = 0 } = (await client.config.endpoint?.()) ?? {};
  const { accessKeyId, secretAccessKey } = await client.config.credentials();
  vi.stubEnv('AWS_ENDPOINT_URL', `http://${hostname}:${port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  // The server has DynamoDB alone: what is set aside fails, so its record comes again.
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  vi.stubEnv('ROUTER', 'tally');
  vi.stubEnv('ROUTER_TABLE', table);
  vi.stubEnv('ROUTER_BUCKET', 'set-aside');
  vi.stubEnv('ROUTER_MEMORY_HOURS', '48');
  vi.stubEnv('ROUTER_PARTIAL', 'true');
  // Another file of this process may have made the shared clients, with an endpoint of its own.
  vi.resetModules();
  ({ streamHandler, sweepStreamHandler } = await import('#runtime/handlers/stream-handler.ts'));
});
beforeEach(() => {
  subject = `s-${(number += 1)}`;
});

type App = typeof tally;
const performing = (perform: App['perform']): App => ({ ...tally, perform });

const event = (id: string, amount: number, of = subject) =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: 'test',
    type: 'tally.amount.v1',
    subject: of,
    time: '2020-11-30T14:30:00Z',
    data: { amount },
  });

const batch = (...lines: readonly string[]) => ({
  Records: lines.map((line, index) => ({
    eventID: `shardId-000000000000:${index + 1}`,
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:111122223333:stream/tally',
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: subject,
      sequenceNumber: String(index + 1),
      data: Buffer.from(line).toString('base64'),
      approximateArrivalTimestamp: Date.parse('2020-11-30T14:30:00Z') / 1_000,
    },
  })),
});
const item = async (of = subject) =>
  (await dynamodbSubjectStore({ router: 'tally', ...at() }).getMany([of])).get(of) ?? null;

describe('the handler of a router', () => {
  it('applies each event once, however often its batch comes, and performs its effects', async () => {
    const performed: string[] = [];
    const app = performing((_, effects) => Promise.resolve(void performed.push(...effects.map(({ id }) => id))));
    const route = streamHandler(app as StreamApp<unknown, unknown, { readonly id: string }>);
    const given = batch(event('a', 1), event('b', 100), event('a', 1));
    for (let time = 0; time < 2; time += 1) expect(await route(given, context)).toEqual({ batchItemFailures: [] });
    expect(seenBy(await item())).toEqual(['a', 'b']);
    expect(performed).toEqual(['test/b/0']);
  });

  it('names the lowest record that failed, and keeps what came before and of others', async () => {
    const other = `${subject}0`;
    const route = streamHandler(tally as StreamApp<unknown, unknown, { readonly id: string }>);
    const given = batch(event('a', 1), 'no event', event('b', 1, other), 'none either');
    expect(await route(given, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(seenBy(await item())).toEqual(['a']);
    expect(seenBy(await item(other))).toEqual(['b']);
  });

  it('fails the whole batch where the mapping heeds no partial response, if a record cannot be set aside', async () => {
    vi.stubEnv('ROUTER_PARTIAL', 'false');
    const route = streamHandler(tally as StreamApp<unknown, unknown, { readonly id: string }>);
    await expect(route(batch(event('a', 1), 'no event'), context)).rejects.toThrow(Error);
    vi.stubEnv('ROUTER_PARTIAL', 'true');
    expect(seenBy(await item())).toEqual(['a']);
  });

  it('rejects what is no batch, with the remedy', async () => {
    const route = streamHandler(tally as StreamApp<unknown, unknown, { readonly id: string }>);
    await expect(route({ detail: {} }, context)).rejects.toThrow(
      /no batch of Kinesis or Kafka.*Check the event source/,
    );
  });
});

describe('the handler of the sweep', () => {
  it('performs what a router left behind, once', async () => {
    const performed: string[] = [];
    const app = performing((_, effects) => Promise.resolve(void performed.push(...effects.map(({ id }) => id))));
    const outbox = [{ id: 'f', effect: { id: 'f', amount: 1 }, since: 0, attempts: 0 }];
    await dynamodbSubjectStore({ router: 'tally', ...at() }).write(subject, { ...EMPTY, version: 1, outbox });
    const sweep = sweepStreamHandler(app as StreamApp<unknown, unknown, { readonly id: string }>);
    expect(await sweep({}, context)).toMatchObject({ failed: 0 });
    await sweep({}, context);
    expect(performed).toEqual(['f']);
    expect((await item())?.outbox).toEqual([]);
  });
});
