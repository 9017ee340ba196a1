import { describe, expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { getRunReport } from '#core/api/runs/report.ts';
import { runSubmissionSchema } from '#core/api/runs/messages.ts';
import { cancelRun, getRun, submitRun, type RunPorts } from '#core/api/runs/rules.ts';
import type { WorkflowPorts } from '#core/api/runs/start-workflow.ts';
import { idOfRetry } from '#core/api/tasks/retry-id.ts';
import { retryTask } from '#core/api/tasks/retry-task.ts';
import { submitTask } from '#core/api/tasks/submit-task.ts';
import { keyMadeIn, type Homes } from '#core/regions/home.ts';
import { apply } from '#core/tasks/apply.ts';
import { cancel } from '#core/tasks/finish.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { adder, workerHarness } from '../../support/worker-harness.ts';

const NAMES = ['us', 'eu', 'ap'] as const;
const UUID = '0b9bd5e2-6f11-4a43-9b0a-6d5e0c1f7a11';
const ACME = { tenant: 'acme', keyId: 'key-1', scopes: ['submit' as const, 'read' as const], agents: null };
const [EU] = [1];

/** The task API of a region. */
function apiOf(here: number, change: object = {}) {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const homes: Homes = { here, names: NAMES };
  const started: string[] = [];
  const companies = {
    name: 'companies',
    agents: ['adder'],
    executionOf: (runId: string) => `arn:aws:states:eu-west-1:1:execution:companies:${runId}`,
    start: async (runId: string) => void started.push(runId),
  };
  const workflows = { names: ['companies'], find: () => companies };
  const ports = {
    ...h.ports,
    homes,
    runs: inMemoryRunStore(),
    agents: new Map([['adder', agentCard(adder)]]),
    callbackRules: { privateAddresses: false },
    workflows,
    lists: { bucket: 'inputs', artifacts: h.artifacts },
    ...change,
  } as unknown as RunPorts & WorkflowPorts;
  const submit = (body: object, key?: string) => submitRun(ports, ACME, runSubmissionSchema.parse(body), key);
  return { ...h, ports, submit, started };
}

const task = (change: object = {}) => ({ agent: 'adder', input: { numbers: [1, 2] }, ...change });

describe('a run of tasks', () => {
  it('has the home that its key names, or that of the region that accepts it, and so have its tasks', async () => {
    const eu = apiOf(EU);
    const named = await eu.submit({ tasks: [task(), task()] }, keyMadeIn('ap', UUID));
    expect(named.id).toMatch(/^ap\.run-[\da-f]{32}$/);
    expect(named.items.map((item) => 'task' in item && item.task.id.startsWith('ap.task-'))).toEqual([true, true]);
    expect((await eu.submit({ tasks: [task()] })).id).toMatch(/^eu\.run-/);
    // Other keys belong to the tenant's home.
    expect((await eu.submit({ tasks: [task()] }, 'order-7')).id).toMatch(/^run-/);
    expect(await getRun(eu.ports, ACME, named.id)).toMatchObject({ size: 2, refused: 0, tasks: { queued: 2 } });
  });

  it('finds its tasks of sessions of other homes', async () => {
    const eu = apiOf(EU);
    const tasks = [task(), task({ sessionId: 'talk' }), task({ sessionId: 'ap.talk' })];
    const { id, items } = await eu.submit({ tasks });
    const homes = items.map((item) => ('task' in item ? /^(\w+\.)?task-/.exec(item.task.id)?.[1] : item));
    expect(homes).toEqual(['eu.', undefined, 'ap.']);
    expect(await getRun(eu.ports, ACME, id)).toMatchObject({ size: 3, refused: 0, tasks: { queued: 3 } });
    const executions = { stop: () => Promise.reject(new Error('It has none.')) };
    expect(await cancelRun({ ...eu.ports, executions }, ACME, id)).toMatchObject({ cancelled: true });
    expect(await getRun(eu.ports, ACME, id)).toMatchObject({ tasks: { cancelled: 3 } });
  });
});

describe('a run of a pipeline', () => {
  const items = [{ id: 'acme' }];

  it('is started by the region that its key names, and by no other', async () => {
    const eu = apiOf(EU);
    const { id } = await eu.submit({ workflow: 'companies', items }, keyMadeIn('eu', UUID));
    expect(id).toMatch(/^eu\.run-/);
    expect(eu.started).toEqual([id]);
    const us = apiOf(0);
    await expect(us.submit({ workflow: 'companies', items }, keyMadeIn('eu', UUID))).rejects.toMatchObject({
      kind: 'unavailable',
      retryAfter: 2,
      errors: [{ field: 'Idempotency-Key', message: 'belongs to the region eu' }],
    });
    expect(us.started).toEqual([]);
    expect(await us.ports.runs.get('acme', id)).toBeNull();
  });

  it('is cancelled by its mark when its region does not answer, and its tasks at once', async () => {
    const us = apiOf(0);
    const execution = 'arn:aws:states:eu-west-1:1:execution:companies:batch-1';
    const run = { id: 'eu.batch-1', tenant: 'acme', createdAt: us.clock.now(), size: 2, digest: 'd', execution };
    await us.ports.runs.create(run);
    const { id } = await us.accept({ tenant: 'acme', runId: run.id, keyScope: 'content' }, us.ports as never);
    expect(id).toMatch(/^eu\.adder-/);
    const executions = { stop: async () => 'out-of-reach' as const };
    const seen = await cancelRun({ ...us.ports, executions }, ACME, run.id);
    expect(seen).toMatchObject({ cancelled: true, status: 'running', tasks: { cancelled: 1 } });
    expect((await us.ports.runs.get('acme', run.id))?.cancelledAt).toBe(us.clock.now());
  });

  it('has its report in its region', async () => {
    const us = apiOf(0);
    const execution = 'arn:aws:states:eu-west-1:1:execution:companies:batch-1';
    await us.ports.runs.create({ id: 'eu.batch-1', tenant: 'acme', createdAt: 1, size: 1, digest: 'd', execution });
    const reports = { filesOf: () => Promise.reject(new Error('Not the bucket of this region.')) };
    await expect(getRunReport({ ...us.ports, reports }, ACME, 'eu.batch-1')).rejects.toMatchObject({
      kind: 'unavailable',
      errors: [{ field: 'id', remedy: expect.stringContaining('the API of eu') as string }],
    });
  });
});

describe('a retry', () => {
  it('has the home of the task that it starts again', async () => {
    const eu = apiOf(EU);
    const { id } = await eu.accept({ tenant: 'acme', idempotencyKey: undefined }, eu.ports as never);
    expect(id).toMatch(/^eu\.task-/);
    const first = await eu.task(id);
    await apply(eu.store, first, (current) => cancel(current, eu.clock.now()));
    // Another region finds the same one.
    const us = { ...eu.ports, homes: { here: 0, names: NAMES } };
    const retry = await retryTask(us, ACME, id);
    expect(retry.id).toMatch(/^eu\.task-/);
    expect(retry.id).toBe(idOfRetry(eu.ids, first));
    expect((await retryTask(eu.ports, ACME, id)).id).toBe(retry.id);
  });
});

describe('a key and a session', () => {
  const submitted = (idempotencyKey: string, sessionId?: string) =>
    submitTask(apiOf(EU).ports, ACME, { ...task({ sessionId }), priority: 'default' } as never, { idempotencyKey });

  it('of two homes are rejected, with both fields and the remedy', async () => {
    await expect(submitted(keyMadeIn('eu', UUID), 'ap.talk')).rejects.toMatchObject({
      kind: 'invalid-request',
      message: 'The Idempotency-Key names the region eu, and the session belongs to ap.',
      errors: [
        { field: 'Idempotency-Key', remedy: expect.stringContaining('"ap."') as string },
        { field: 'sessionId', remedy: expect.stringContaining('"eu."') as string },
      ],
    });
    await expect(submitted(keyMadeIn('eu', UUID), 'talk')).rejects.toThrow('the session belongs to us');
  });

  it('of one home are accepted there, and so is any other key', async () => {
    expect((await submitted(keyMadeIn('ap', UUID), 'ap.talk')).id).toMatch(/^ap\./);
    expect((await submitted('order-7', 'ap.talk')).id).toMatch(/^ap\./);
    expect((await submitted(keyMadeIn('us', UUID), 'talk')).id).toMatch(/^task-/);
    expect(taskIdSchema.parse((await submitted(keyMadeIn('eu', UUID))).id)).toMatch(/^eu\./);
  });
});
