import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FleetClient, FleetError } from '#client/index.ts';
import { sendJson } from '../adapters/support/stub-api.ts';
import { problem, stubbed } from './support.ts';

const task = { agent: 'assistant', instruction: 'Say hello.' };
const accepted = { id: 'task-1', status: 'queued', links: { self: '/tasks/task-1' } };

describe('a request', () => {
  it('carries the key and keeps the path of the API’s stage', async () => {
    const { fleet, requests } = await stubbed((response) => sendJson(response, 202, accepted));
    expect(await fleet.submit(task, { idempotencyKey: 'mine' })).toEqual(accepted);
    expect(requests).toMatchObject([
      {
        path: '/v1/tasks',
        headers: { authorization: 'Bearer flk_test', 'content-type': 'application/json', 'idempotency-key': 'mine' },
        body: JSON.stringify(task),
      },
    ]);
  });

  it.each([429, 500, 503])('is retried after %d, with the same idempotency key', async (status) => {
    const { fleet, requests } = await stubbed((response, _, count) =>
      count < 3 ? sendJson(response, status, problem('busy', status, 'Busy.')) : sendJson(response, 202, accepted),
    );
    await fleet.submit(task);
    await fleet.submit(task);
    const keys = requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(4);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('is retried after a broken connection', async () => {
    const { fleet, requests } = await stubbed((response, _, count) =>
      count === 1 ? response.destroy() : sendJson(response, 200, { ...accepted, status: 'running' }),
    );
    expect(await fleet.get('task-1')).toMatchObject({ status: 'running' });
    expect(requests).toHaveLength(2);
  });

  it('fails after the given number of attempts, with the last response', async () => {
    const { fleet, requests } = await stubbed((response) => response.writeHead(502).end('<html>Bad gateway</html>'));
    const error: unknown = await fleet.get('task-1').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FleetError);
    expect(error).toMatchObject({ status: 502, problem: { type: 'about:blank' } });
    expect(requests).toHaveLength(4);
  });

  it('that is rejected is not retried; the error has the problem and the remedy', async () => {
    const refusal = {
      ...problem('cannot-accept', 422, 'The agent "poet" does not exist.'),
      errors: [{ field: 'agent', message: 'is not deployed here', remedy: 'Use one of: assistant.' }],
    };
    const { fleet, requests } = await stubbed((response) => sendJson(response, 422, refusal));
    const error: unknown = await fleet.submit({ ...task, agent: 'poet' }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'cannot-accept', status: 422, problem: refusal });
    expect(String(error)).toBe('FleetError: The agent "poet" does not exist. Use one of: assistant.');
    expect(requests).toHaveLength(1);
  });

  it('without a response fails with the URL in its message', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const fleet = new FleetClient({ url: `http://127.0.0.1:${port}`, key: 'flk_test', attempts: 2, backoffMs: 1 });
    await expect(fleet.get('task-1')).rejects.toMatchObject({
      kind: 'no-answer',
      status: 0,
      message: expect.stringContaining(String(port)) as string,
    });
  });
});

describe('a resource', () => {
  it('is listed page by page, with a filter', async () => {
    const { fleet, requests } = await stubbed((response, { path }) =>
      path.includes('cursor')
        ? sendJson(response, 200, { tasks: [{ id: 'c' }] })
        : sendJson(response, 200, { tasks: [{ id: 'a' }, { id: 'b' }], next: '7~b' }),
    );
    const ids: string[] = [];
    for await (const { id } of fleet.list({ agent: 'assistant', status: 'failed' })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(requests.map(({ path }) => path)).toEqual([
      '/v1/tasks?agent=assistant&status=failed',
      '/v1/tasks?agent=assistant&status=failed&cursor=7%7Eb',
    ]);
  });

  it('is read, cancelled and deleted by its id', async () => {
    const { fleet, requests } = await stubbed((response, { path }) =>
      path.includes('sessions') ? response.writeHead(204).end() : sendJson(response, 200, { steps: [{ index: 0 }] }),
    );
    expect(await fleet.steps('task-1')).toEqual([{ index: 0 }]);
    await fleet.cancel('task-1');
    await fleet.session('a/b').forget();
    expect(requests.map(({ path }) => path)).toEqual([
      '/v1/tasks/task-1/steps',
      '/v1/tasks/task-1/cancel',
      '/v1/sessions/a%2Fb',
    ]);
  });
});
