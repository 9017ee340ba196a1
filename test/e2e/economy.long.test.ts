import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FleetClient } from '#client/index.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import { costUsd } from '#core/models/price.ts';
import { sendJson, stubApi } from '../adapters/support/stub-api.ts';
import { startApiFleet, type ApiFleet } from './api/fleet.ts';

/** Economy tasks on the whole stack: API, collector, Message Batches, state machine, workers and roles are those of AWS. */
let api: ApiFleet;
let key: string;
let fleet: FleetClient;
let lambda: LambdaClient;

beforeAll(async () => {
  api = await startApiFleet({ stacks: ['assistant', 'parrot'] });
  key = await api.makeKey();
  fleet = new FleetClient({ url: api.url, key });
  lambda = new LambdaClient(api.client);
});
afterAll(() => api[Symbol.asyncDispose]());

const economy = (instruction: string) => ({ agent: 'assistant', instruction, priority: 'economy' }) as const;

interface CallbackBody {
  readonly data: { readonly taskId: string };
}

/** Invokes the collector, as the schedule does every minute. */
async function collect(): Promise<unknown> {
  const collector = api.cloud.resources.find(
    ({ type, properties }) =>
      type === 'AWS::Lambda::Function' && JSON.stringify(properties).includes('BATCH_STATE_MACHINE_ARN'),
  );
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: collector?.ref ?? '' }));
  return JSON.parse(new TextDecoder().decode(Payload));
}

it('economy tasks share one batch, cost half, and end like other tasks: waiters return and callbacks are sent', async () => {
  const receiver = await stubApi((response) => sendJson(response, 200, {}));
  const calledBack = (): string[] =>
    receiver.requests.map(({ body }) => (JSON.parse(body) as CallbackBody).data.taskId);
  const ids: string[] = [];
  for (const sum of ['2 + 3', '6 * 7', '9 - 4']) {
    const { id } = await fleet.submit({ ...economy(`What is ${sum}?`), callback: { url: `${receiver.url}/hook` } });
    ids.push(id);
  }
  const [first = ''] = ids;
  expect(await fleet.get(first)).toMatchObject({ priority: 'economy', status: 'parked', waitsFor: { cause: 'batch' } });
  await vi.waitFor(async () => expect(await collect()).toEqual({ batches: 1, entries: 3 }), { timeout: 90_000 });
  const tasks = await Promise.all(ids.map((id) => fleet.wait(id, { timeoutMs: 60_000 })));
  expect(tasks.map(({ status, output }) => [status, (output as { text: string }).text])).toEqual([
    ['succeeded', '[simulated] 2 + 3 = 5'],
    ['succeeded', '[simulated] 6 * 7 = 42'],
    ['succeeded', '[simulated] 9 - 4 = 5'],
  ]);
  for (const { usage, spent } of tasks) {
    const list = costUsd(CATALOGUE, CATALOGUE.tiers.deep, usage);
    expect(spent.usd).toBeGreaterThan(0);
    expect(spent.usd / list).toBeCloseTo(0.5, 5);
  }
  await vi.waitFor(() => expect(calledBack().toSorted()).toEqual(ids.toSorted()), { timeout: 90_000 });
});

it('is rejected for an agent with tools, in a session, and with too little time, and names the field', async () => {
  const field = (name: string) => ({ problem: { status: 422, errors: [{ field: name, remedy: expect.any(String) }] } });
  await expect(fleet.submit({ ...economy('hello'), agent: 'parrot' })).rejects.toMatchObject(field('priority'));
  await expect(fleet.submit({ ...economy('hello'), sessionId: 's' })).rejects.toMatchObject(field('sessionId'));
  const deadline = new Date(Date.now() + 3_600_000).toISOString();
  await expect(fleet.submit({ ...economy('hello'), deadline })).rejects.toMatchObject(field('deadline'));
});

it('cancels a waiting task immediately', async () => {
  const { id } = await fleet.submit(economy('What is 1 + 1?'));
  expect(await fleet.cancel(id)).toMatchObject({ status: 'cancelled', spent: { usd: 0 } });
});
