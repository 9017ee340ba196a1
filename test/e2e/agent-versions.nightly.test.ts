import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Agent } from '#core/agents/define-agent.ts';
import { poolViewSchema } from '#core/api/pools/messages.ts';
import { taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { stateWords } from '#cli/tasks/words.ts';
import { nextParrot, parrot } from '../systems/parrot/agent.ts';
import { startApiFleet, type ApiFleet, type Call } from './api/fleet.ts';

/**
 * Half of a deploy: the API accepts tasks with an agent version that the workers do not have. The tasks wait, are seen
 * to wait, and succeed after the workers' update. They are checked again after 30 seconds at first.
 */

let fleet: ApiFleet;
let call: Call;
/** What the functions log. */
const lines: string[] = [];
/** Updates everything that runs. */
let deployBare: (drainMs: number) => Promise<void>;
let deployNext: (drainMs: number) => Promise<void>;

beforeAll(async () => {
  fleet = await startApiFleet({
    stacks: ['early-parrot'],
    claude: {
      latency: { kind: 'fixed', ms: 50 },
      rules: [resolve('test/systems/parrot/parrot.rule.ts')],
    },
    onEvent: (event) => void (event.code === 'lambda.log' && lines.push(event.line)),
  });
  call = fleet.as(await fleet.makeKey());
  deployBare = await fleet.prepare(['bare-parrot']);
  deployNext = await fleet.prepare(['next-parrot']);
});
afterAll(() => fleet[Symbol.asyncDispose]());

/** Two tasks of a session, one with a tool, one of high priority. */
async function submitSome(session: string): Promise<readonly string[]> {
  const tasks = [
    { agent: 'parrot', instruction: 'say 1', sessionId: session },
    { agent: 'parrot', instruction: 'say 2', sessionId: session },
    { agent: 'parrot', instruction: 'note: 3' },
    { agent: 'parrot', instruction: 'say 4', priority: 'high' },
  ];
  const { body } = await call('POST /tasks/batch', { tasks });
  return body.items.map(({ task }) => task.id);
}

const read = (ids: readonly string[]): Promise<TaskView[]> =>
  Promise.all(ids.map(async (id) => taskViewSchema.parse((await call(`GET /tasks/${id}`)).body)));

const until = (ids: readonly string[], holds: (task: TaskView) => void, timeout: number): Promise<TaskView[]> =>
  vi.waitFor(
    async () => {
      const tasks = await read(ids);
      tasks.forEach(holds);
      return tasks;
    },
    { timeout, interval: 250 },
  );

const waits = (task: TaskView): void =>
  expect(task).toMatchObject({ status: 'parked', waitsFor: { cause: 'yielded', detail: 'agent-version' } });
const hasSucceeded = ({ status }: TaskView): void => expect(status).toBe('succeeded');

const modelCalls = (): number =>
  readFileSync(join(fleet.home, 'claude-ledger.jsonl'), 'utf8').trim().split('\n').filter(Boolean).length;

/** Expects that each task ran once, with the prompt of the version that accepted it, and that waiting cost nothing. */
function expectWhole(tasks: readonly TaskView[], { version, system }: Agent): void {
  for (const task of tasks) expect(task).toMatchObject({ agentVersion: version, attempts: 0, crashes: 0 });
  const said = tasks.map(({ output }) => z.object({ text: z.string() }).parse(output).text.split(' | '));
  expect(said.map(([prompt]) => prompt)).toEqual(tasks.map(() => system));
  // The second task of the session sees the first.
  expect(said.map(([, turns]) => turns)).toEqual(['1', '2', '1', '1']);
  expect(tasks.map(({ steps }) => steps)).toEqual([1, 1, 3, 1]);
}

describe('tasks of a version that the workers do not have', () => {
  it('wait for a newer worker, are seen to wait, and succeed after the deploy', async () => {
    const ids = await submitSome('newer');
    const parked = await until(ids, waits, 30_000);
    expect(parked.map(stateWords)).toEqual(
      ids.map(() => 'waits: a worker with its version of the agent, which a deploy brings'),
    );
    const { pools } = z.object({ pools: z.array(poolViewSchema) }).parse((await call('GET /pools?tasks=true')).body);
    expect(pools).toMatchObject([
      { agent: 'parrot', tasks: { running: 0, queued: 0, parked: { 'agent-version': 4 } } },
    ]);
    const event = lines.find((line) => line.includes('"task.parked"'));
    expect(event).toMatch(/"level":"WARN".*"cause":"agent-version".*accepted by version \\"2\\" of parrot/);
    expect(lines.some((line) => line.includes('"TasksParkedAgentVersion"'))).toBe(true);
    await deployNext(5_000);
    expectWhole(await until(ids, hasSucceeded, 90_000), nextParrot);
    expect(modelCalls()).toBe(5);
  });

  it('wait after an update without the earlier version, and succeed once it is there', async () => {
    await deployBare(5_000);
    const ids = await submitSome('earlier');
    await until(ids, waits, 30_000);
    await deployNext(5_000);
    expectWhole(await until(ids, hasSucceeded, 90_000), parrot);
    expect(modelCalls()).toBe(10);
  });

  it('can be cancelled while they wait', async () => {
    await deployBare(5_000);
    const [id = ''] = await submitSome('cancelled');
    await until([id], waits, 30_000);
    await call(`POST /tasks/${id}/cancel`);
    await until([id], ({ status }) => expect(status).toBe('cancelled'), 10_000);
  });
});
