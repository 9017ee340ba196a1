import { expect, test } from 'vitest';
import { getTaskAudit, type AuditPorts } from '#core/api/audit/rules.ts';
import type { Caller } from '#core/api/http/caller.ts';
import { entryText, placeOf, type AuditEntry } from '#core/audit/entry.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { sampleTask, succeeded } from '../../contract/samples.ts';
import { inMemoryAuditTrail } from '../../support/fakes/in-memory-audit-trail.ts';
import { inMemoryTaskStore } from '../../support/fakes/in-memory-task-store.ts';
import { ids, trailOf } from '../audit/histories.ts';

const NOW = Date.UTC(2026, 10, 28);
const caller = (change: Partial<Caller> = {}): Caller => ({
  tenant: 'acme',
  keyId: 'k',
  scopes: ['read'],
  agents: null,
  ...change,
});

/** An ended task that called two tools, the first one twice since a worker died, and its trail. */
async function open(change: Partial<AuditPorts> = {}) {
  const made = trailOf([
    { died: [true], error: false },
    { died: [], error: true },
  ]);
  const trail = inMemoryAuditTrail();
  for (const entry of [...made.chain, ...made.uncounted]) await trail.record(entry);
  const store = inMemoryTaskStore();
  const id = taskIdSchema.parse(made.taskId);
  const { createdAt = 0 } = made.chain[0] ?? {};
  await store.create(sampleTask({ id, createdAt, audit: made.head, state: succeeded(createdAt + 2) }));
  const ports: AuditPorts = { store, trail, ids, clock: { now: () => NOW }, ...change };
  return { ports, id, made, trail };
}

test('I7: the entries of a task are verified, in order, with those that do not count', async () => {
  const { ports, id, made } = await open();
  const view = await getTaskAudit(ports, caller(), id);
  expect(view).toMatchObject({ whole: true, findings: [], asOf: new Date(NOW).toISOString() });
  expect(view.entries).toHaveLength(made.chain.length + made.uncounted.length);
  expect(view.entries.filter(({ counted }) => !counted)).toHaveLength(1);
  const steps = view.entries.map(({ step, epoch }) => step * 100 + epoch);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(JSON.stringify(view)).not.toContain('previous');
});

test('I7: a changed entry is found and named', async () => {
  const { ports, id, made } = await open();
  const changed = { ...(made.chain[1] as AuditEntry), tool: 'forged' };
  const kept = [...made.chain, ...made.uncounted].map((entry) => (entry === made.chain[1] ? changed : entry));
  const readAtMost = async () =>
    kept.map((entry) => ({ place: placeOf(entry), text: entryText(entry), versions: 1, deleted: false }));
  const view = await getTaskAudit({ ...ports, trail: { readAtMost } }, caller(), id);
  expect(view.whole).toBe(false);
  expect(view.findings[0]).toMatchObject({ fault: expect.any(String), entry: { step: expect.any(Number) } });
});

test('entries of an expired task with the same id are left out', async () => {
  const { ports, id, made, trail } = await open();
  await trail.record({ ...(made.chain[0] as AuditEntry), createdAt: 1, tool: 'of-the-task-before' });
  const view = await getTaskAudit(ports, caller(), id);
  expect(view.whole).toBe(true);
  expect(JSON.stringify(view)).not.toContain('of-the-task-before');
});

test('more entries than a response holds are refused with what to do', async () => {
  const { ports, id } = await open({ trail: { readAtMost: async () => null } });
  const refused = getTaskAudit(ports, caller(), id);
  await expect(refused).rejects.toMatchObject({
    kind: 'cannot-accept',
    message: expect.stringContaining('audit verify'),
  });
});

test('I8: another tenant’s task is not found, nor is one that the key’s agents do not have', async () => {
  const { ports, id } = await open();
  await expect(getTaskAudit(ports, caller({ tenant: 'other' }), id)).rejects.toMatchObject({ kind: 'not-found' });
  await expect(getTaskAudit(ports, caller({ agents: ['owl'] }), id)).rejects.toMatchObject({ kind: 'not-allowed' });
});
