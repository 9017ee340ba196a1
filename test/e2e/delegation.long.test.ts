import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { taskPageSchema, taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { startApiFleet, type ApiFleet, type Call } from './api/fleet.ts';

/** A supervisor delegates to two agents, each with its pool, on the local cloud. */

let fleet: ApiFleet;
let call: Call;
beforeAll(async () => {
  fleet = await startApiFleet({
    stacks: ['newsroom'],
    claude: { latency: { kind: 'fixed', ms: 50 }, rules: [resolve('test/systems/newsroom/newsroom.rule.ts')] },
  });
  call = fleet.as(await fleet.makeKey());
});
afterAll(() => fleet[Symbol.asyncDispose]());

const view = async (path: string): Promise<TaskView> => taskViewSchema.parse((await call(`GET ${path}`)).body);

it('a supervisor reads what the tasks that it delegated came to', async () => {
  const topics = ['bread', 'false news', 'roses'];
  const { body, status } = await call('POST /tasks', { agent: 'editor', input: { topics } });
  expect(status).toBe(202);
  const ended = await view(`/tasks/${body.id}?wait=25`);
  expect(ended.failure).toBeUndefined();
  expect(ended).toMatchObject({
    status: 'succeeded',
    output: { printed: ['All about bread', 'All about roses'] },
    steps: 3,
    crashes: 0,
  });
  const children = await Promise.all((ended.children ?? []).map((id) => view(`/tasks/${id}`)));
  expect(children.map(({ agent, status: state, parent }) => [agent, state, parent])).toEqual(
    topics.flatMap(() => [
      ['writer', 'succeeded', body.id],
      ['checker', 'succeeded', body.id],
    ]),
  );
  const below = children.reduce((sum, { spent }) => sum + spent.usd, 0);
  expect(ended.spent.delegated?.usd).toBeCloseTo(below, 8);
  const { tasks } = taskPageSchema.parse((await call(`GET /tasks?parent=${body.id}&agent=checker`)).body);
  expect(tasks.map(({ id }) => id).toSorted()).toEqual(
    children.flatMap(({ id, agent }) => (agent === 'checker' ? [id] : [])).toSorted(),
  );
});
