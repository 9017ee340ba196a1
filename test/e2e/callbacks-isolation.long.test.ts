import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { sqsCallbackQueue } from '#adapters/sqs/callback-queue.ts';
import { sendJson, stubApi } from '../adapters/support/stub-api.ts';
import { collect, sampleCallback } from '../contract/samples.ts';
import { startLocalFleet, type LocalFleet } from './support/local-fleet.ts';

let fleet: LocalFleet;
let silent: Server;

beforeAll(async () => {
  fleet = await startLocalFleet({ stacks: ['calculator'] });
  // Accepts connections and never answers.
  silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});

afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
  silent.closeAllConnections();
  silent.close();
});

const DEAD = 400;
/** What one delivery to a silent receiver takes, and a margin for the machine. */
const ONE_TIMEOUT_MS = 20_000;

it('a receiver that never answers delays no other tenant, and its callbacks leave the queue', async () => {
  const queue = sqsCallbackQueue({
    queueUrl: fleet.output('platform', 'CallbackQueueUrl'),
    client: new SQSClient(fleet.client),
  });
  const store = dynamodbCallbackStore({
    table: fleet.output('platform', 'StateTable'),
    client: new DynamoDBClient(fleet.client),
  });
  const deadUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/hook`;
  const connected = once(silent, 'connection');
  await Promise.all(Array.from({ length: DEAD }, () => queue.send(sampleCallback('dead', deadUrl))));
  await connected;
  const delivered = Promise.withResolvers<void>();
  const receiver = await stubApi((response) => {
    sendJson(response, 200, {});
    delivered.resolve();
  });
  const startedAt = performance.now();
  await queue.send(sampleCallback('alive', `${receiver.url}/hook`));
  await delivered.promise;
  expect(performance.now() - startedAt).toBeLessThan(ONE_TIMEOUT_MS);
  // Most of the dead receiver's callbacks were parked without an attempt: delivering all would take minutes.
  const parked = async () => (await collect(store.due(Date.now() + 600_000))).length;
  await vi.waitUntil(async () => (await parked()) > DEAD / 2, { timeout: 60_000, interval: 200 });
});
