import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { TaskView } from '#client/types.ts';
import { checkTraces, missingFrom } from './aws/traces.ts';
import { Findings } from './findings.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const worker = { name: 'log-1', trace: '1-0af76519-16cd43dd8448eb211c80319c' };
const span = (name: string) => ({
  spanId: name,
  name,
  kind: 'internal',
  startMs: 1,
  endMs: 2,
  status: 'ok',
  attributes: {},
});

/** A task API that returns a trace with one span more at each request. */
async function apiOf(names: readonly string[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    const spans = names.slice(0, asked.length).map(span);
    response.end(JSON.stringify({ traceId: TRACE, spans, asOf: '2026-11-28T12:00:00Z' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const access = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`,
    key: 'flk_check',
    headers: {},
  };
  return { access, asked };
}

const checked = async (access: Awaited<ReturnType<typeof apiOf>>['access'], tasks: readonly Partial<TaskView>[]) => {
  const findings = new Findings(() => undefined);
  await findings.phase('traces', () =>
    checkTraces({ access, tasks: tasks as TaskView[], findings, signal: AbortSignal.timeout(60_000) }),
  );
  return findings.findings;
};

test('the check waits until the one trace of a task has the request, the queue and the turn', async () => {
  const { access, asked } = await apiOf(['POST /tasks/batch', 'queued', 'invoke_agent assistant']);
  const found = await checked(access, [
    { id: 'unclaimed', traceId: TRACE },
    { id: 'task-1', traceId: TRACE, worker },
  ]);
  expect(found).toMatchObject([
    { outcome: 'ok', detail: `${TRACE}: POST /tasks/batch, queued, invoke_agent assistant` },
  ]);
  expect(asked).toHaveLength(3);
  expect(asked[0]).toBe('/v1/tasks/task-1/trace Bearer flk_check');
});

test('it fails if no task names its trace', async () => {
  const { access } = await apiOf([]);
  expect(await checked(access, [{ id: 'task-1', worker }])).toMatchObject([{ outcome: 'failed' }]);
});

test('a trace of an invocation alone is not the trace of a task', () => {
  expect(missingFrom(['fleet-assistant', 'invoke_agent assistant'])).toEqual(['POST /tasks', 'queued']);
});
