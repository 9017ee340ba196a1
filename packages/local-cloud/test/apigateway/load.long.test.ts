import { Agent } from 'node:http';
import { expect, test } from 'vitest';
import { loadApi } from './load.support.ts';

const { get } = loadApi();

test('answers ten thousand requests, each with a status that AWS also returns', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1000 });
  const statuses = await Promise.all(Array.from({ length: 10_000 }, () => get(agent)));
  agent.destroy();
  const counts = Object.groupBy(statuses, String);
  // 200 from the function; 429 above the account's burst; 500 when the function is throttled.
  expect(Object.keys(counts).filter((status) => !['200', '429', '500'].includes(status))).toEqual([]);
  expect(counts['200']?.length).toBeGreaterThan(0);
  expect(await get(new Agent())).toBe(200);
});
