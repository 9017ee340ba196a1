import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionResource, startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';
import { apiFixture } from './support.ts';

const worker = `export const handler = async ({ body }) => ({ statusCode: 200, body: body ?? 'ok' });`;

let cloud: FixtureCloud;
beforeAll(async () => {
  // As many environments as a small machine can run. Further requests are throttled immediately.
  const more = { Worker: functionResource('worker', { ReservedConcurrentExecutions: 50 }) };
  cloud = await startFixture(apiFixture({ methods: { 'GET /': {}, 'POST /': {} }, worker, more }));
});
afterAll(() => cloud[Symbol.asyncDispose]());

const url = (): URL => new URL(cloud.apis[0]?.url ?? '');

async function get(agent: Agent): Promise<number> {
  const sent = request(url(), { agent }).end();
  const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}

test('answers ten thousand requests, each with a status that AWS also returns', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1000 });
  const statuses = await Promise.all(Array.from({ length: 10_000 }, () => get(agent)));
  agent.destroy();
  const counts = Object.groupBy(statuses, String);
  // 200 from the function; 429 above the account's burst; 500 when the function is throttled.
  expect(Object.keys(counts).filter((status) => !['200', '429', '500'].includes(status))).toEqual([]);
  expect(counts['200']?.length).toBeGreaterThan(0);
  expect(await get(new Agent())).toBe(200);
}, 120_000);
