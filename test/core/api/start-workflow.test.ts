import { describe, expect, it } from 'vitest';
import { runSubmissionSchema } from '#core/api/runs/messages.ts';
import { getRun, submitRun, type RunPorts } from '#core/api/runs/rules.ts';
import type { WorkflowPorts } from '#core/api/runs/start-workflow.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const caller = (agents: string[] | null = null, tenant = 'acme') => ({
  tenant,
  keyId: 'key-1',
  scopes: ['submit' as const],
  agents,
});

function fleet() {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const started: { readonly runId: string; readonly input: object }[] = [];
  /** What the next starts throw. */
  const crashes: Error[] = [];
  const companies = {
    name: 'companies',
    agents: ['scout', 'analyst'],
    executionOf: (runId: string) => `arn:execution:${runId}`,
    start: async (runId: string, input: object) => {
      const problem = crashes.shift();
      if (problem) throw problem;
      started.push({ runId, input });
    },
  };
  const workflows = { names: ['companies'], find: (name: string) => (name === 'companies' ? companies : null) };
  const uploads = {
    sign: () => Promise.reject(new Error('Nothing is signed.')),
    find: async (key: string) => (key.endsWith('known') ? { bucket: 'inputs', key, size: 9 } : null),
  };
  const runs = inMemoryRunStore();
  const own = { runs, workflows, uploads, lists: { bucket: 'inputs', artifacts: h.artifacts } };
  const ports = { ...h.ports, ...own } as unknown as RunPorts & WorkflowPorts;
  const start = (body: object, by = caller(), key?: string) =>
    submitRun(ports, by, runSubmissionSchema.parse({ workflow: 'companies', ...body }), key);
  const upload = (name: string, text: string) =>
    h.artifacts.put({ bucket: 'inputs', key: `inputs/acme/${name}-known` }, text, 'application/jsonl');
  return { ...h, readPorts: ports, runs, started, crashes, start, upload };
}

const ITEMS = [{ id: 'acme', site: 'acme.test' }, { id: 'globex' }];

describe('POST /runs with a workflow', () => {
  it('writes the list below the tenant, registers the run and starts its execution', async () => {
    const h = fleet();
    const { id, items } = await h.start({ items: ITEMS, name: 'tonight', budgetUsd: 5, group: 'n1' });
    expect(items).toEqual([]);
    const key = `inputs/acme/${id}.jsonl`;
    const input = { items: { bucket: 'inputs', key }, tenant: 'acme', name: 'tonight', budgetUsd: 5, group: 'n1' };
    expect(h.started).toEqual([{ runId: id, input }]);
    expect(new TextDecoder().decode(await h.artifacts.get({ bucket: 'inputs', key }))).toBe(
      '{"id":"acme","site":"acme.test"}\n{"id":"globex"}',
    );
    expect(await h.runs.get('acme', id)).toMatchObject({ execution: `arn:execution:${id}`, size: 2, name: 'tonight' });
    expect(await getRun(h.readPorts, caller(), id)).toMatchObject({ budgetUsd: 5 });
  });

  it('tells the execution when its results are due, also when that is past, as of a night that is repeated', async () => {
    const h = fleet();
    const due = '2020-01-02T07:00:00.000Z';
    await h.start({ items: ITEMS, due });
    expect(h.started).toMatchObject([{ input: { due } }]);
    expect(() => h.start({ items: ITEMS, due: '07:00' })).toThrow('due');
  });

  it('I10: a retry is the same run, and another body under its key is rejected', async () => {
    const h = fleet();
    const first = await h.start({ items: ITEMS }, caller(), 'key');
    expect(await h.start({ items: ITEMS }, caller(), 'key')).toEqual(first);
    await expect(h.start({ items: [{ id: 'other' }] }, caller(), 'key')).rejects.toMatchObject({
      kind: 'cannot-accept',
    });
    expect(new Set(h.started.map(({ runId }) => runId)).size).toBe(1);
  });

  it('I10: a retry starts the run that an earlier request registered and did not start', async () => {
    const h = fleet();
    h.crashes.push(new Error('The connection was reset.'));
    const body = { items: ITEMS, deadline: new Date(h.clock.now() + 1_000).toISOString() };
    await expect(h.start(body, caller(), 'key')).rejects.toThrow('reset');
    expect(h.started).toEqual([]);
    // Meanwhile the deadline has passed. The run still has its report, in which nothing was reached.
    h.clock.advance(2_000);
    const { id } = await h.start(body, caller(), 'key');
    expect(h.started.map(({ runId }) => runId)).toEqual([id]);
  });

  it('I10: the same list in another upload is the same request, and another list is not', async () => {
    const h = fleet();
    await h.upload('a', '{"id":"x"}');
    await h.upload('b', '{"id":"x"}');
    await h.upload('c', '{"id":"y"}');
    const first = await h.start({ key: 'inputs/acme/a-known' }, caller(), 'key');
    expect(await h.start({ key: 'inputs/acme/b-known' }, caller(), 'key')).toEqual(first);
    await expect(h.start({ key: 'inputs/acme/c-known' }, caller(), 'key')).rejects.toMatchObject({
      kind: 'cannot-accept',
      errors: [{ field: 'Idempotency-Key' }],
    });
  });

  it('a key needs every agent of the pipeline', async () => {
    const h = fleet();
    await expect(h.start({ items: ITEMS }, caller(['scout']))).rejects.toMatchObject({ kind: 'not-allowed' });
    await h.start({ items: ITEMS }, caller(['scout', 'analyst']));
    expect(h.started).toHaveLength(1);
  });

  it('I8: an upload of another tenant is not found', async () => {
    const h = fleet();
    await h.start({ key: 'inputs/acme/known' });
    expect(h.started[0]?.input).toMatchObject({ items: { bucket: 'inputs', key: 'inputs/acme/known' } });
    for (const key of ['inputs/globex/known', 'inputs/acme/missing'])
      await expect(h.start({ key })).rejects.toMatchObject({ kind: 'cannot-accept', errors: [{ field: 'key' }] });
  });

  it.each([
    ['workflow', { workflow: 'nightly', items: ITEMS }],
    ['tasks', { tasks: [{}], items: ITEMS }],
    ['items', {}],
    ['items', { items: ITEMS, key: 'inputs/acme/known' }],
    ['items.1.id', { items: [{ id: 'a' }, { id: 'a' }] }],
    ['items.0', { items: [{ id: 'a', text: 'x'.repeat(20_000) }] }],
    ['items.0', { items: [{ id: 'a', text: '社'.repeat(6_000) }] }],
    ['deadline', { items: ITEMS, deadline: '1999-01-01T00:00:00Z' }],
    ['items', { workflow: undefined, items: ITEMS }],
    ['tasks', { workflow: undefined }],
  ])('names the field %s (case %#) and starts nothing', async (field, body) => {
    const h = fleet();
    h.clock.advance(Date.parse('2027-01-01T00:00:00Z') - h.clock.now());
    await expect(h.start(body)).rejects.toMatchObject({ errors: [{ field }] });
    expect(h.started).toEqual([]);
  });
});
