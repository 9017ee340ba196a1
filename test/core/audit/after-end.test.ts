import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryHash, genesis, type AuditEntry, type AuditHead } from '#core/audit/entry.ts';
import { verifyTask } from '#core/audit/verify-task.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { auditAfterEnd, type AuditAfterEndPorts } from '#core/worker/audit-after-end.ts';
import { sampleTask, succeeded } from '../../contract/samples.ts';
import { inMemoryAuditTrail } from '../../support/fakes/in-memory-audit-trail.ts';
import { inMemoryTaskStore } from '../../support/fakes/in-memory-task-store.ts';
import { ids, trailOf } from './histories.ts';

const TASK = 'support-1' as TaskId;
const CREATED = 7;

/** How a task's own trail may end: how many steps it has, its entries, and its head. */
interface Ending {
  readonly steps: readonly number[];
  readonly entries: readonly AuditEntry[];
  readonly head: AuditHead | undefined;
}

/** A call of step 2 whose outcome no task counted. */
function begun(): AuditEntry {
  const place = { taskId: TASK, createdAt: CREATED, step: 2, epoch: 1, agent: 'support', tool: 'delegate' };
  const hashes = { contentDigest: ids.digest('input'), previous: genesis(ids, TASK, CREATED) };
  return { ...place, phase: 'before', at: 8, ...hashes };
}

function endings(): Record<string, Ending> {
  const made = trailOf([{ died: [true], error: false }], TASK, CREATED);
  const call = begun();
  const hash = entryHash(ids, call);
  return {
    'called no tool': { steps: [1], entries: [], head: undefined },
    'called a tool': { steps: [1, 2], entries: [...made.chain, ...made.uncounted], head: made.head },
    'gave a call up': { steps: [1, 1], entries: [call], head: { hash } },
    'ended while its call was announced': { steps: [1, 1], entries: [], head: { hash, announced: call } },
    'ended while its call was under way': { steps: [1, 1], entries: [call], head: { hash, announced: call } },
  };
}

async function ended({ steps, entries, head }: Ending) {
  const store = inMemoryTaskStore();
  const audit = inMemoryAuditTrail();
  for (const entry of entries) await audit.record(entry);
  const state = succeeded(9);
  const task = sampleTask({ id: TASK, createdAt: CREATED, epoch: 2, steps: [...steps], state });
  await store.create(head === undefined ? task : { ...task, audit: head });
  const ports: AuditAfterEndPorts = { store, audit, ids, clock: { now: () => 10 } };
  const verdict = async () => (await verifyTask({ reader: audit, store, ids }, TASK))[0];
  return { ports, verdict, audit, store };
}

class Crash extends Error {}

/** Ports that crash at the `at`-th operation: before it takes effect, or right after. */
function crashing(ports: AuditAfterEndPorts, at: number, when: 'before' | 'after'): AuditAfterEndPorts {
  let count = 0;
  const or = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    count += 1;
    if (count === at && when === 'before') throw new Crash();
    const result = await run();
    if (count === at) throw new Crash();
    return result;
  };
  return {
    ...ports,
    store: {
      get: (id) => or(() => ports.store.get(id)),
      replace: (next) => or(() => ports.store.replace(next)),
    },
    audit: { record: (entry) => or(() => ports.audit.record(entry)) },
  };
}

/** Two calls, as a publisher makes them, which a repetition makes again. */
async function calls(ports: AuditAfterEndPorts, made: string[]): Promise<void> {
  for (const tool of ['post-review', 'conclude-check'])
    await auditAfterEnd(ports, TASK, { tool, input: `input of ${tool}` }, async () => {
      made.push(tool);
      return { result: undefined, content: 'ok' };
    });
}

describe('calls on behalf of a task that has ended', () => {
  it.each(Object.entries(endings()))('I7: are further calls of its trail, also when it %s', async (_, ending) => {
    const { ports, verdict, store } = await ended(ending);
    await calls(ports, []);
    const { chain, ...found } = (await verdict()) ?? { chain: [] };
    expect(found).toMatchObject({ whole: true, findings: [], announced: null, headKnown: true });
    expect(chain.slice(-4).map(({ tool, phase, outcome }) => [tool, phase, outcome])).toEqual([
      ['post-review', 'before', undefined],
      ['post-review', 'after', 'ok'],
      ['conclude-check', 'before', undefined],
      ['conclude-check', 'after', 'ok'],
    ]);
    expect((await store.get(TASK))?.state).toEqual(succeeded(9));
  });

  it.each(Object.entries(endings()))('I7: leave it whole after a crash anywhere, when it %s', async (_, ending) => {
    let crashes = 0;
    for (const when of ['before', 'after'] as const)
      for (let first = 1; first <= 14; first += 1)
        for (let second = 1; second <= 14; second += 3) {
          const { ports, verdict, audit } = await ended(ending);
          const made: string[] = [];
          for (const at of [first, second]) {
            await calls(crashing(ports, at, when), made).catch((error: unknown) => {
              if (!(error instanceof Crash)) throw error;
              crashes += 1;
            });
            expect(await verdict()).toMatchObject({ whole: true });
            // Nothing is done that is not recorded.
            const recorded = audit.entries().filter(({ phase, tool }) => phase === 'before' && tool !== 'delegate');
            expect(recorded.length).toBeGreaterThanOrEqual(made.length);
          }
          await calls(ports, made);
          expect(await verdict()).toMatchObject({ whole: true, announced: null });
        }
    expect(crashes).toBeGreaterThan(100);
  });

  it('I7: leave it whole when two make them at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { ports, verdict } = await ended(endings()['called a tool'] as Ending);
        const slow: AuditAfterEndPorts = {
          ...ports,
          store: {
            get: scheduler.scheduleFunction(async (id: TaskId) => ports.store.get(id)),
            replace: scheduler.scheduleFunction(async (next) => ports.store.replace(next)),
          },
          audit: { record: scheduler.scheduleFunction(async (entry) => ports.audit.record(entry)) },
        };
        await scheduler.waitFor(Promise.all([calls(slow, []), calls(slow, [])]));
        expect(await verdict()).toMatchObject({ whole: true });
      }),
      { numRuns: 200 },
    );
  });

  it('I7: record an error as the outcome, and throw it', async () => {
    const { ports, verdict } = await ended(endings()['called no tool'] as Ending);
    const call = auditAfterEnd(ports, TASK, { tool: 'post-review', input: '' }, () => Promise.reject(new Error('502')));
    await expect(call).rejects.toThrow('502');
    expect((await verdict())?.chain.at(-1)).toMatchObject({ phase: 'after', outcome: 'error' });
    expect(await verdict()).toMatchObject({ whole: true });
  });

  it('are not made for a task that runs or is gone', async () => {
    const { ports, store } = await ended(endings()['called no tool'] as Ending);
    const running = await store.create(sampleTask());
    for (const id of [running.task.id, 'task-gone' as TaskId]) {
      const call = auditAfterEnd(ports, id, { tool: 't', input: '' }, () => Promise.reject(new Error('made')));
      expect(await call).toBeNull();
    }
  });
});
