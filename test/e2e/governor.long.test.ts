import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anthropicModel } from '#adapters/anthropic/model.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import { echo } from '../systems/echo/agent.ts';
import { startEchoFleet, type EchoFleet } from './support/echo-fleet.ts';
import { endOf } from './support/tasks.ts';

/** Requests per minute that the provider allows. Its bucket starts full, with one minute's allowance. */
const LIMIT = 300;
const MODEL_MS = 400;
/** Calls per second without a limit: 20 tasks at once, `MODEL_MS` per call. This is ten times the limit. */
const COULD = (20 * 1_000) / MODEL_MS;
const TASKS = 80;

let fleet: EchoFleet;
beforeAll(async () => {
  fleet = await startEchoFleet({
    latency: { kind: 'fixed', ms: MODEL_MS },
    rateLimits: { requestsPerMinute: LIMIT },
  });
});
afterAll(() => fleet.close());

/** Uses up part of the provider's allowance, like another client with the same key. A third of the bucket is left. */
async function useUp(calls: number): Promise<void> {
  const model = anthropicModel({ apiKey: 'simulated', baseURL: fleet.claude.url });
  const text = JSON.stringify({ instruction: 'hello' });
  const { system, outputSchema } = echo;
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }];
  const request = { model: CATALOGUE.tiers.fast, system, outputSchema, messages, tools: [], maxTokens: 100 };
  const call = (_: unknown, index: number) => model.invoke({ ...request, timeoutMs: 20_000, stepId: `other/${index}` });
  await Promise.all(Array.from({ length: calls }, call));
}

describe('I5: a fleet ten times larger than the provider’s limit', () => {
  it('runs near the limit with almost no 429s and no failures', async () => {
    await useUp(LIMIT * 0.65);
    const before = await fleet.claude.stats();
    const began = Date.now();
    const tasks = await fleet.sayMany(TASKS);
    const done = await fleet.allEnded(tasks, 60_000);
    const after = await fleet.claude.stats();
    const throttled = after.throttled - before.throttled;
    const ends = done.map(endOf).toSorted((a, b) => a - b);
    const seconds = ((ends.at(-1) ?? 0) - began) / 1_000;
    // Excludes the start, when workers are cold, and the last tasks, which wait for their slot.
    const [from, to] = [0.2, 0.9].map((part) => Math.round(TASKS * part)) as [number, number];
    const pace = (to - from) / (((ends[to] ?? 0) - (ends[from] ?? 0)) / 1_000);
    const share = pace / (LIMIT / 60);
    console.info(
      `${TASKS} tasks could make ${COULD} calls per second, and ${LIMIT / 60} are allowed: ${pace.toFixed(1)} per second, ${Math.round(100 * share)} % of the limit; ${seconds.toFixed(1)} s in total; ${throttled} 429s.`,
    );
    expect(done.every(({ state, attempts }) => state.status === 'succeeded' && attempts === 0)).toBe(true);
    expect(after.answered - before.answered).toBe(TASKS);
    expect(throttled).toBeLessThanOrEqual(TASKS * 0.05);
    // The rest of the bucket adds to the limit, so the share can be a little more than 1.
    expect(share).toBeGreaterThan(0.6);
    expect(seconds).toBeLessThan(45);
  });
});
