import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FleetClient } from '#client/index.ts';
import { startApiFleet, type ApiFleet } from './api/fleet.ts';
import { runProgram } from './support/run-program.ts';

/** The client against the task API on the whole stack: gateway, authorizer, functions, queues and workers are those of AWS. */
let api: ApiFleet;
let key: string;
let fleet: FleetClient;

beforeAll(async () => {
  api = await startApiFleet({ stacks: ['assistant'] });
  key = await api.makeKey();
  fleet = new FleetClient({ url: api.url, key });
}, 120_000);

afterAll(() => api[Symbol.asyncDispose]());

const ask = (instruction: string) => ({ agent: 'assistant', instruction });

it('submits a task, waits for it, reads its steps and finds it in the list', async () => {
  const { id } = await fleet.submit({ ...ask('What is 12 * 7?'), metadata: { order: '7' } });
  const task = await fleet.wait(id, { timeoutMs: 60_000 });
  expect(task).toMatchObject({
    status: 'succeeded',
    output: { text: '[simulated] 12 * 7 = 84' },
    metadata: { order: '7' },
  });
  expect(await fleet.steps(id)).toMatchObject([{ kind: 'model', index: 0 }]);
  const listed: string[] = [];
  for await (const { id } of fleet.list({ agent: 'assistant', status: 'succeeded' })) listed.push(id);
  expect(listed).toContain(id);
  expect(await fleet.cancel(id)).toMatchObject({ status: 'succeeded' });
});

it('I10: the same idempotency key is the same task, and another body with that key is rejected', async () => {
  const idempotencyKey = 'order-7';
  const first = await fleet.submit(ask('Say hello.'), { idempotencyKey });
  expect(await fleet.submit(ask('Say hello.'), { idempotencyKey })).toEqual(first);
  await expect(fleet.submit(ask('Say goodbye.'), { idempotencyKey })).rejects.toMatchObject({ status: 422 });
});

it('I8: another tenant’s key finds nothing of it, and a key that nobody has opens nothing', async () => {
  const { id } = await fleet.submit(ask('Say hello.'));
  const other = new FleetClient({ url: api.url, key: await api.makeKey({ tenant: 'other' }) });
  await expect(other.get(id)).rejects.toMatchObject({ kind: 'not-found', status: 404 });
  const nobody = new FleetClient({ url: api.url, key: 'flk_nobody' });
  await expect(nobody.get(id)).rejects.toMatchObject({ kind: 'invalid-key', status: 401 });
});

it('dispatches many tasks at once: an invalid one fails in its place, and a session keeps its order', async () => {
  const outcomes = await fleet.dispatch(
    [
      ask('What is 1 + 1?'),
      { agent: 'poet', instruction: 'Rhyme.' },
      { ...ask('My name is Ada.'), sessionId: 's' },
      { ...ask('What is 2 + 2?'), priority: 'high' },
      { ...ask('What is my name?'), sessionId: 's' },
    ],
    { timeoutMs: 90_000 },
  );
  const texts = outcomes.map((outcome) =>
    outcome.ended ? (outcome.task.output as { text: string }).text : outcome.problem.detail,
  );
  expect(texts).toEqual([
    '[simulated] 1 + 1 = 2',
    'The agent "poet" does not exist.',
    expect.stringContaining('My name is Ada.'),
    '[simulated] 2 + 2 = 4',
    '[simulated] Your name is Ada.',
  ]);
  const session = fleet.session('s');
  expect((await session.get()).turns.map(({ user }) => user)).toEqual(['My name is Ada.', 'What is my name?']);
  await session.forget();
  expect((await session.get().catch(() => ({ turns: [] }))).turns).toEqual([]);
}, 120_000);

it('client/examples/five-tasks.ts runs unchanged', async () => {
  const script = join(import.meta.dirname, '../../client/examples/five-tasks.ts');
  const { code, stdout, stderr } = await runProgram(script, [], { FLEET_URL: api.url, FLEET_KEY: key });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(5);
  for (const line of lines) expect(line).toMatch(/^succeeded \{"text":"\[simulated\] .*"\} \$0\.\d+$/);
  expect(lines[4]).toContain('Your name is Ada.');
}, 120_000);
