import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { wakeParked } from '#cli/callbacks.ts';
import { sendJson, stubApi } from '../adapters/support/stub-api.ts';
import { collect, sampleCallback } from '../contract/samples.ts';
import { startApiFleet, type ApiFleet } from '../e2e/api/fleet.ts';
import { unpackPreviousRelease } from '../support/previous-release/kept.ts';

/** The kept build of the release before, which parks no callback and wakes none. */
let folder: string;
let fleet: ApiFleet;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-rolled-back-'));
  unpackPreviousRelease(folder);
  fleet = await startApiFleet({ stacks: ['parrot'], assembly: folder });
});
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The queue's URL under the name that docs/deploy.md gives for 0.2.0. */
function queueOf({ cloud }: ApiFleet): string {
  const outputs = Object.values(cloud.outputs).flatMap((stack) => Object.entries(stack));
  const [, url] = outputs.find(([name]) => name.startsWith('PublishOutputRefCallbacksQueue')) ?? [];
  if (url === undefined) throw new Error('The release before has no such output.');
  return url;
}

it('after a rollback, callbacks wake delivers what is parked: due or not, tried before or left alone', async () => {
  const table = fleet.output('platform', 'StateTable');
  const queue = queueOf(fleet);
  const received: string[] = [];
  const receiver = await stubApi((response, request) => {
    received.push(String(request.headers['webhook-id']));
    sendJson(response, 200, {});
  });
  const client = new DynamoDBClient(fleet.client);
  const store = dynamodbCallbackStore({ table, client });
  const callbacks = ['acme', 'acme', 'other'].map((tenant) => sampleCallback(tenant, `${receiver.url}/hook`));
  const waits = [{ attempts: 5 }, { attempts: 0, leftAlone: 4 }, { attempts: 7, leftAlone: 1 }];
  for (const [index, callback] of callbacks.entries())
    await store.park({
      callback,
      ...waits[index],
      attempts: waits[index]?.attempts ?? 0,
      dueAt: Date.now() + index * 3_600_000,
    });

  const lines: string[] = [];
  const output = { line: (text = '') => void lines.push(text), progress: () => undefined, json: () => undefined };
  const clients = () => ({ dynamodb: new DynamoDBClient(fleet.client), sqs: new SQSClient(fleet.client) });
  await wakeParked({ table, queue }, output, false, clients());
  await wakeParked({ table, queue }, output, false, clients());
  expect(lines).toEqual(['Sent 3 parked callbacks.', 'No callback is parked.']);

  const expected = callbacks.map(({ taskId }) => `${taskId}/end`).toSorted();
  await vi.waitFor(() => expect(received.toSorted()).toEqual(expected), { timeout: 60_000 });
  expect(await collect(store.due(Number.MAX_SAFE_INTEGER))).toEqual([]);
  client.destroy();
});
