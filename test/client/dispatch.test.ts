import { describe, expect, it } from 'vitest';
import type { DispatchedTask } from '#client/index.ts';
import { sendJson, type ReceivedRequest } from '../adapters/support/stub-api.ts';
import { problem, stubbed } from './support.ts';

const batchOf = ({ body }: ReceivedRequest): (DispatchedTask & { idempotencyKey: string })[] =>
  (JSON.parse(body) as { tasks: (DispatchedTask & { idempotencyKey: string })[] }).tasks;

const tasksOf = (count: number): DispatchedTask[] =>
  Array.from({ length: count }, (_, index) => ({ agent: 'assistant', instruction: `Number ${index}` }));

const accept = ({ instruction }: DispatchedTask) => ({ status: 202, task: { id: `of ${instruction}` } });

const idsIn = ({ body }: ReceivedRequest): string[] => (JSON.parse(body) as { ids: string[] }).ids;

/** Succeeded with its id as the output. */
const endOf = (id: string) => ({ id, status: 'succeeded', output: id });

/** All tasks that a request waits for. */
const ended = (request: ReceivedRequest) => ({ ended: idsIn(request).map(endOf), pending: [], problems: [] });

const isBatch = ({ path }: ReceivedRequest): boolean => path === '/v1/tasks/batch';
const isWait = ({ path }: ReceivedRequest): boolean => path === '/v1/tasks/wait';

describe('dispatch', () => {
  it('submits batches of 500 and returns the outcomes in the order of the tasks', async () => {
    const { fleet, requests } = await stubbed((response, request) =>
      request.path === '/v1/tasks/batch'
        ? sendJson(response, 200, { items: batchOf(request).map(accept) })
        : sendJson(response, 200, ended(request)),
    );
    const outcomes = await fleet.dispatch(tasksOf(1_001));
    expect(outcomes.map((outcome) => outcome.ended && outcome.task.output)).toEqual(
      tasksOf(1_001).map(({ instruction }) => `of ${instruction}`),
    );
    const batches = requests.filter(({ path }) => path === '/v1/tasks/batch').map(batchOf);
    expect(batches.map(({ length }) => length)).toEqual([500, 500, 1]);
    expect(new Set(batches.flat().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1_001);
  });

  it('sends large tasks in smaller batches', async () => {
    const { fleet, requests } = await stubbed((response, request) =>
      request.path === '/v1/tasks/batch'
        ? sendJson(response, 200, { items: batchOf(request).map(() => ({ status: 202, task: { id: 'x' } })) })
        : sendJson(response, 200, ended(request)),
    );
    const large = { agent: 'assistant', instruction: 'x'.repeat(400_000) };
    await fleet.dispatch([large, large, large]);
    const batches = requests.filter(({ path }) => path === '/v1/tasks/batch').map(batchOf);
    expect(batches.map(({ length }) => length)).toEqual([2, 1]);
  });

  it('reports an invalid item in its place, and the id of a task whose end it did not see', async () => {
    const refusal = problem('cannot-accept', 422, 'The agent "poet" does not exist.');
    const { fleet } = await stubbed((response, request) => {
      if (request.path === '/v1/tasks/batch')
        return sendJson(response, 200, {
          items: batchOf(request).map((item) =>
            item.agent === 'poet' ? { status: 422, problem: refusal } : accept(item),
          ),
        });
      const gone = problem('not-found', 404, 'It is gone.');
      if (!isWait(request)) return sendJson(response, 404, gone);
      const left = ended(request).ended.filter(({ id }) => id !== 'of slow');
      return sendJson(response, 200, { ended: left, pending: [], problems: [{ id: 'of slow', problem: gone }] });
    });
    const outcomes = await fleet.dispatch([
      { agent: 'assistant', instruction: 'a' },
      { agent: 'poet', instruction: 'b', idempotencyKey: 'mine' },
      { agent: 'assistant', instruction: 'slow', idempotencyKey: 'slow' },
    ]);
    expect(outcomes).toMatchObject([
      { ended: true, task: { output: 'of a' } },
      { ended: false, problem: refusal, idempotencyKey: 'mine' },
      { ended: false, problem: { status: 404 }, id: 'of slow', idempotencyKey: 'slow' },
    ]);
    expect(outcomes[1]).not.toHaveProperty('id');
  });

  it('resubmits only the items that were temporarily not accepted, under the same keys', async () => {
    const { fleet, requests } = await stubbed((response, request, count) =>
      request.path === '/v1/tasks/batch'
        ? sendJson(response, 200, {
            items: batchOf(request).map((item, index) =>
              count === 1 && index === 1 ? { status: 500, problem: problem('failed', 500, 'Not now.') } : accept(item),
            ),
          })
        : sendJson(response, 200, ended(request)),
    );
    const outcomes = await fleet.dispatch(tasksOf(3));
    expect(outcomes.every((outcome) => outcome.ended)).toBe(true);
    const [first = [], second = []] = requests.filter(({ path }) => path === '/v1/tasks/batch').map(batchOf);
    expect(second).toEqual([first[1]]);
  });

  it('loses no item when a whole batch is rejected', async () => {
    const { fleet } = await stubbed((response) => sendJson(response, 400, problem('invalid-request', 400, 'No.')));
    expect(await fleet.dispatch(tasksOf(2))).toMatchObject([
      { ended: false, problem: { detail: 'No.' } },
      { ended: false, problem: { detail: 'No.' } },
    ]);
  });

  it('throws for an invalid key, because no item caused it', async () => {
    const { fleet } = await stubbed((response) => sendJson(response, 401, problem('invalid-key', 401, 'Revoked.')));
    await expect(fleet.dispatch(tasksOf(2))).rejects.toMatchObject({ kind: 'invalid-key' });
  });

  it('reports the id of an accepted task that did not end in time', async () => {
    const { fleet } = await stubbed((response, request) => {
      if (request.path === '/v1/tasks/batch') sendJson(response, 200, { items: batchOf(request).map(accept) });
    });
    expect(await fleet.dispatch(tasksOf(1), { timeoutMs: 50 })).toMatchObject([
      { ended: false, id: 'of Number 0', problem: { type: expect.stringMatching(/timed-out$/) as string } },
    ]);
  });

  it('waits for 100 tasks in a request, and asks again for those that have not ended', async () => {
    const { fleet, requests } = await stubbed((response, request) => {
      if (isBatch(request)) return sendJson(response, 200, { items: batchOf(request).map(accept) });
      const [first = '', ...others] = idsIn(request);
      sendJson(response, 200, { ended: [endOf(first)], pending: others, problems: [] });
    });
    const outcomes = await fleet.dispatch(tasksOf(103));
    expect(outcomes.every((outcome, index) => outcome.ended && outcome.task.id === `of Number ${index}`)).toBe(true);
    const waits = requests.filter(isWait).map((request) => idsIn(request).length);
    expect(waits.toSorted((a, b) => b - a).slice(0, 2)).toEqual([100, 99]);
    expect(waits).toHaveLength(103);
  });

  it('waits for each task by itself at a fleet that cannot wait for many', async () => {
    const { fleet } = await stubbed((response, request) => {
      if (isBatch(request)) return sendJson(response, 200, { items: batchOf(request).map(accept) });
      if (isWait(request)) return sendJson(response, 403, { message: 'Missing Authentication Token' });
      sendJson(response, 200, endOf(decodeURIComponent(/\/tasks\/([^?]+)/.exec(request.path)?.[1] ?? '')));
    });
    const outcomes = await fleet.dispatch(tasksOf(3));
    expect(outcomes.map((outcome) => outcome.ended)).toEqual([true, true, true]);
  });

  it('reports all tasks when the API does not respond any more', async () => {
    const { fleet } = await stubbed((response, request) =>
      isBatch(request)
        ? sendJson(response, 200, { items: batchOf(request).map(accept) })
        : sendJson(response, 503, problem('unavailable', 503, 'Not now.')),
    );
    expect(await fleet.dispatch(tasksOf(2))).toMatchObject([
      { ended: false, id: 'of Number 0', problem: { status: 503 } },
      { ended: false, id: 'of Number 1', problem: { status: 503 } },
    ]);
  });

  it('when the time is over, only those that have not ended are reported', async () => {
    const { fleet } = await stubbed((response, request) => {
      if (isBatch(request)) return sendJson(response, 200, { items: batchOf(request).map(accept) });
      const { ids, wait } = JSON.parse(request.body) as { ids: string[]; wait: number };
      // The API answers when all have ended, or when the wait is over.
      if (wait === 0)
        sendJson(response, 200, { ended: ids.slice(1).map(endOf), pending: ids.slice(0, 1), problems: [] });
    });
    const outcomes = await fleet.dispatch(tasksOf(5), { timeoutMs: 50 });
    expect(outcomes.map(({ ended: isEnded }) => isEnded)).toEqual([false, true, true, true, true]);
    expect(outcomes[0]).toMatchObject({
      id: 'of Number 0',
      problem: { type: expect.stringMatching(/timed-out$/) as string },
    });
  });
});
