import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { FleetClient } from '#client/index.ts';
import { IMPROVISE_RULE } from '@agent-fleet/simulated-claude';
import { startApiFleet, type ApiFleet } from './api/fleet.ts';

let api: ApiFleet;
let fleet: FleetClient;

beforeAll(async () => {
  api = await startApiFleet({ stacks: ['waiting'], claude: { rules: [IMPROVISE_RULE] } });
  fleet = new FleetClient({ url: api.url, key: await api.makeKey() });
});
afterAll(() => api[Symbol.asyncDispose]());

/** Waits until the task's tool has been running for a moment: its model call is done, and no other step. */
const inTool = (id: string) =>
  vi.waitFor(async () => expect(await fleet.get(id)).toMatchObject({ status: 'running', steps: 1 }), {
    timeout: 90_000,
    interval: 100,
  });

it('I1: a cancelled task ends within seconds although its tool takes a minute and does not listen', async () => {
  const { id } = await fleet.submit({ agent: 'waiting', instruction: 'Wait.' });
  await inTool(id);
  const at = performance.now();
  await fleet.cancel(id);
  const task = await fleet.wait(id, { timeoutMs: 30_000 });
  expect(task).toMatchObject({ status: 'cancelled', steps: 1 });
  expect(task.lastError?.reason).toContain('What it did is not known');
  // A heartbeat every five seconds, two seconds for the tool to listen, and the loaded machine.
  expect(performance.now() - at).toBeLessThan(15_000);
});

it('I1: a deadline ends a task in the middle of its tool', async () => {
  const deadline = new Date(Date.now() + 12_000).toISOString();
  const { id } = await fleet.submit({ agent: 'waiting', instruction: 'Wait.', deadline });
  await inTool(id);
  const task = await fleet.wait(id, { timeoutMs: 40_000 });
  expect(task).toMatchObject({ status: 'failed', failure: { kind: 'deadline' } });
  expect(Date.parse(task.finishedAt ?? '') - Date.parse(deadline)).toBeLessThan(15_000);
});

it('a tool that throws leaves the place in its source, and not what it says', async () => {
  const source = readFileSync(join(import.meta.dirname, '../systems/waiting/agent.ts'), 'utf8').split('\n');
  const line = source.findIndex((text) => text.includes('throw new RangeError(')) + 1;
  const { id } = await fleet.submit({ agent: 'waiting', instruction: 'Throw.' });
  const stack = await vi.waitFor(
    async () => {
      const steps = await fleet.steps(id);
      return z.string().parse(steps.find(({ stack }) => stack !== undefined)?.stack);
    },
    { timeout: 90_000, interval: 100 },
  );
  expect(stack).toMatch(new RegExp(`^RangeError\\n.*test/systems/waiting/agent\\.ts:${line}:\\d+`));
  expect(stack).not.toContain('index.cjs');
  expect(stack).not.toContain('document');
});
