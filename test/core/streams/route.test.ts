import { describe, expect, it } from 'vitest';
import { FailureError } from '#core/failures/failure.ts';
import { lowestFailures } from '#core/streams/checkpoint.ts';
import { MAX_EFFECT_ATTEMPTS } from '#core/streams/outbox.ts';
import { PERFORM_MS } from '#core/streams/perform.ts';
import { Router } from '#core/streams/route.ts';
import { sweepStream } from '#core/streams/sweep.ts';
import { manualClock } from '../../support/fakes/manual-clock.ts';
import { inMemorySetAside, inMemorySubjects } from '../../support/fakes/in-memory-subjects.ts';
import { MEMORY_MS, seenBy, tally, T0 } from './support.ts';

const HOUR = 3_600_000;

interface Sent {
  readonly subject?: string;
  readonly sequence?: number;
  readonly id?: string;
  readonly amount?: number;
  readonly text?: string;
  readonly effects?: number;
  readonly source?: string;
}

function recordOf(
  { subject = 's-1', sequence, id = `e-${sequence}`, amount = 1, text, effects, source = 'bars' }: Sent,
  index: number,
) {
  const event = {
    specversion: '1.0',
    id,
    source,
    type: 'tally.amount.v1',
    subject,
    time: new Date(T0 + (sequence ?? 0) * 1_000).toISOString(),
    ...(sequence !== undefined && { sequence: String(sequence) }),
    data: { amount, ...(effects !== undefined && { effects }) },
  };
  const bytes = Buffer.from(text ?? JSON.stringify(event));
  return { stream: 'numbers', partition: 'shard-0', position: String(index), key: subject, bytes, arrivedAt: T0 };
}

function world() {
  const subjects = inMemorySubjects();
  const setAside = inMemorySetAside();
  const performed: string[] = [];
  const broken = new Map<string, Error>();
  const reports: string[] = [];
  /** Effects of which performing never ends. */
  const stalled = new Set<string>();
  const handled: string[] = [];
  let stalls = (): void => undefined;
  const clock = manualClock(T0);
  const ports = {
    app: {
      ...tally,
      async perform(_subject: string, effects: readonly { readonly id: string }[]) {
        for (const { id } of effects) {
          if (stalled.has(id)) {
            stalls();
            await new Promise(() => undefined);
          }
          const error = broken.get(id) ?? broken.get('all');
          if (error) throw error;
          performed.push(id);
        }
      },
      isFirst: (subject: string) => subject === 's-9',
      handled: (events: readonly { readonly id: string }[]) => void handled.push(...events.map(({ id }) => id)),
    },
    subjects: subjects.store,
    setAside: setAside.store,
    clock,
    report: ({ type }: { readonly type: string }) => void reports.push(type),
    memoryMs: MEMORY_MS,
  };
  const newRouter = () => new Router(ports);
  const router = newRouter();
  return {
    subjects,
    setAside,
    performed,
    broken,
    reports,
    newRouter,
    router,
    route: (sent: readonly Sent[], by = router, timeLeftMs = () => 60_000) => by.route(sent.map(recordOf), timeLeftMs),
    sweep: () => sweepStream(ports, () => true),
    wait: (ms: number) => clock.advance(ms),
    stalled,
    handled,
    /** Resolves when performing stalls. */
    stall: () => new Promise<void>((resolve) => (stalls = resolve)),
  };
}

const positions = (failed: readonly { readonly position: string }[]) => failed.map(({ position }) => position);

describe('a router', () => {
  it('I17: writes each subject of a batch once', async () => {
    const w = world();
    const { failed, summary } = await w.route([{ sequence: 1 }, { subject: 's-2', sequence: 1 }, { sequence: 0 }]);
    expect(failed).toEqual([]);
    expect(summary).toMatchObject({ records: 3, applied: 3, late: 0, conflicts: 0 });
    expect(w.subjects.calls).toEqual(['read s-1 s-2', 'write s-1 v1', 'write s-2 v1']);
    expect(seenBy(w.subjects.read('s-1'))).toEqual(['e-0', 'e-1']);
  });

  it('I17: handles the subjects first on which others depend', async () => {
    const w = world();
    await w.route([
      { sequence: 1, amount: 100 },
      { subject: 's-9', sequence: 2, amount: 100 },
    ]);
    expect(w.performed).toEqual(['bars/e-2/0', 'bars/e-1/0']);
  });

  it('I17: reads nothing that it has in memory, and starts again when another router was faster', async () => {
    const w = world();
    const other = w.newRouter();
    await w.route([{ sequence: 0 }]);
    await w.route([{ sequence: 1 }], other);
    w.subjects.calls.length = 0;
    const { summary } = await w.route([{ sequence: 1 }, { sequence: 2 }]);
    expect(summary).toMatchObject({ applied: 1, duplicates: 1, conflicts: 1 });
    expect(w.subjects.calls).toEqual(['write s-1 v2', 'read s-1', 'write s-1 v3']);
  });

  it('I17: rejects no event by an old item', async () => {
    const w = world();
    const other = w.newRouter();
    await w.route([{ sequence: 0 }]);
    const gaps = Array.from({ length: 102 }, (_, index) => ({ sequence: 2 * index + 2 }));
    await w.route(gaps, other);
    await w.route([{ sequence: 1 }], other);
    expect(w.setAside.records).toMatchObject([{ reason: 'number-forgotten' }]);
    // The item in memory is of before the gaps. By it, the number would be new.
    expect((await w.route([{ sequence: 1 }])).summary).toMatchObject({ rejected: 1, applied: 0, conflicts: 1 });
  });

  it('I18: performs an effect after the write, and clears it', async () => {
    const w = world();
    await w.route([{ sequence: 0, amount: 100 }]);
    expect(w.performed).toEqual(['bars/e-0/0']);
    expect(w.subjects.read('s-1')).toMatchObject({ version: 2, outbox: [] });
  });

  it('I18: performs nothing whose event was not written', async () => {
    const w = world();
    w.subjects.failing = 'write';
    const { failed } = await w.route([{ sequence: 0, amount: 100 }]);
    expect(positions(failed)).toEqual(['0']);
    expect(w.performed).toEqual([]);
    expect((await w.route([{ sequence: 0, amount: 100 }])).summary).toMatchObject({ applied: 1, effects: 1 });
  });

  it('I18: performs again what it could not clear, when the event comes again', async () => {
    const w = world();
    w.subjects.failing = 'write s-1 v2';
    expect((await w.route([{ sequence: 0, amount: 100 }])).failed).toEqual([]);
    expect(w.reports).toEqual(['outbox.kept']);
    await w.route([{ sequence: 0, amount: 100 }], w.newRouter());
    expect(w.performed).toEqual(['bars/e-0/0', 'bars/e-0/0']);
    expect(w.subjects.read('s-1')?.outbox).toEqual([]);
  });

  it('I18: leaves a failing effect to the sweep, and no other waits for it', async () => {
    const w = world();
    w.broken.set('bars/e-0/0', new Error('down'));
    const { failed, summary } = await w.route([
      { sequence: 0, amount: 100 },
      { sequence: 1, amount: 100 },
    ]);
    expect(failed).toEqual([]);
    expect(summary).toMatchObject({ effects: 1, effectsFailed: 1 });
    expect(w.performed).toEqual(['bars/e-1/0']);
    expect(w.subjects.read('s-1')?.outbox).toMatchObject([{ id: 'bars/e-0/0', attempts: 1 }]);
    expect(await w.sweep()).toMatchObject({ subjects: 0 });
    w.broken.clear();
    w.wait(60_000);
    expect(await w.sweep()).toMatchObject({ subjects: 1, effects: 1, overdue: 0 });
    expect(await w.sweep()).toMatchObject({ subjects: 0 });
  });

  it('I18: sets an effect aside that can never be performed, or that failed for hours', async () => {
    const w = world();
    w.broken.set('bars/e-0/0', new FailureError({ kind: 'permanent', reason: 'no such recipient' }));
    w.broken.set('bars/e-1/0', new Error('down'));
    await w.route([
      { sequence: 0, amount: 100 },
      { sequence: 1, amount: 100 },
    ]);
    expect(w.setAside.effects).toEqual(['bars/e-0/0']);
    for (let attempt = 2; attempt <= MAX_EFFECT_ATTEMPTS; attempt += 1) {
      w.wait(HOUR / 4);
      const swept = await w.sweep();
      expect(swept).toMatchObject({ effectsFailed: 1, overdue: attempt === MAX_EFFECT_ATTEMPTS ? 0 : 1 });
    }
    expect(w.setAside.effects).toEqual(['bars/e-0/0', 'bars/e-1/0']);
    expect(w.subjects.read('s-1')?.outbox).toEqual([]);
  });

  it('I18: gives an effect that stalls its time, leaves it to the sweep, and goes on with the shard', async () => {
    const w = world();
    w.stalled.add('bars/e-0/0');
    const stall = w.stall();
    const routed = w.route([
      { sequence: 0, amount: 100 },
      { sequence: 1, amount: 100 },
      { subject: 's-2', sequence: 9, amount: 100 },
    ]);
    await stall;
    w.wait(PERFORM_MS);
    expect(await routed).toMatchObject({ failed: [], summary: { effects: 1, effectsFailed: 2 } });
    expect(w.subjects.read('s-1')?.outbox).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
    // By themselves: the one that stalls is first, and the other waits for the next sweep.
    w.wait(60_000);
    const again = w.stall();
    const swept = w.sweep();
    await again;
    w.wait(PERFORM_MS);
    expect(await swept).toMatchObject({ effects: 0, effectsFailed: 1 });
    await w.sweep();
    expect(w.subjects.read('s-1')?.outbox).toMatchObject([{ id: 'bars/e-0/0' }]);
    w.stalled.clear();
    w.wait(HOUR);
    expect(await w.sweep()).toMatchObject({ effects: 1 });
  });

  it('I18: an outbox without room has the records come again, and loses no effect', async () => {
    const w = world();
    w.broken.set('all', new Error('down'));
    // The source is in each effect's id.
    const source = 's'.repeat(200);
    const sent = Array.from({ length: 4 }, (_, sequence) => ({ sequence, effects: 90, source }));
    const first = await w.route(sent);
    expect(positions(first.failed)).not.toEqual([]);
    for (let minutes = 0; minutes < 10; minutes += 1) {
      w.wait(60_000);
      expect(positions((await w.route(sent)).failed)).toEqual(positions(first.failed));
      await w.sweep();
    }
    expect(w.setAside.effects).toEqual([]);
    w.broken.clear();
    w.wait(HOUR);
    expect((await w.route(sent)).failed).toEqual([]);
    w.wait(HOUR);
    await w.sweep();
    expect(new Set(w.performed).size).toBe(360);
    expect(w.subjects.read('s-1')?.outbox).toEqual([]);
  });

  it('I18: an effect that cannot be set aside stays, and what was performed beside it is not performed again', async () => {
    const w = world();
    w.setAside.fails = true;
    w.broken.set('bars/e-0/0', new FailureError({ kind: 'permanent', reason: 'no such recipient' }));
    await w.route([
      { sequence: 0, amount: 100 },
      { sequence: 1, amount: 100 },
    ]);
    expect(w.reports).toEqual(['effect.failed', 'set-aside.failed']);
    expect(w.subjects.read('s-1')?.outbox).toMatchObject([{ id: 'bars/e-0/0', attempts: 1 }]);
    w.setAside.fails = false;
    w.wait(60_000);
    expect(await w.sweep()).toMatchObject({ effectsSetAside: 1 });
    expect(w.performed).toEqual(['bars/e-1/0']);
  });

  it('tells its app of an event once, also if another router was faster', async () => {
    const w = world();
    const other = w.newRouter();
    await w.route([{ sequence: 0 }]);
    await w.route([{ sequence: 1 }], other);
    await w.route([{ sequence: 1 }, { sequence: 2 }]);
    expect(w.handled).toEqual(['e-0', 'e-1', 'e-2']);
  });

  it('I19: sets poison aside, whose neighbours are applied', async () => {
    const w = world();
    const poison = [{ text: '{' }, { sequence: 1, amount: -1 }, { subject: 'nobody', sequence: 1 }];
    const { failed, summary } = await w.route([{ sequence: 0 }, ...poison, { sequence: 2 }]);
    expect(failed).toEqual([]);
    expect(summary).toMatchObject({ applied: 2, rejected: 3 });
    expect(w.setAside.records.map(({ reason }) => reason).toSorted()).toEqual([
      'apply-failed',
      'invalid-subject',
      'not-json',
    ]);
  });

  it('I19: keeps poison in the stream while it cannot be set aside', async () => {
    const w = world();
    w.setAside.fails = true;
    const { failed } = await w.route([{ sequence: 0 }, { text: '{' }, { sequence: 1 }]);
    expect(positions(lowestFailures(failed))).toEqual(['1']);
    expect(seenBy(w.subjects.read('s-1'))).toEqual(['e-0', 'e-1']);
  });

  it('fails the records of a subject alone, and those without time', async () => {
    const w = world();
    w.subjects.failing = 'write s-2';
    const batch = [
      { subject: 's-1', sequence: 0 },
      { subject: 's-2', sequence: 0 },
      { subject: 's-3', sequence: 0 },
    ];
    expect(positions((await w.route(batch)).failed)).toEqual(['1']);
    expect(positions((await w.route(batch, w.router, () => 1_000)).failed)).toEqual(['0', '1', '2']);
  });

  it('I17: looks for ids that left the item where they went', async () => {
    const w = world();
    const many = Array.from({ length: 201 }, (_, index) => ({ id: `n-${index}` }));
    await w.route(many);
    expect(w.subjects.calls.slice(-2)).toEqual(['spill s-1', 'write s-1 v1']);
    expect((await w.route(many, w.newRouter())).summary).toMatchObject({ applied: 0, duplicates: 201 });
  });
});

describe('the lowest failure', () => {
  it('is that of each partition, by number', () => {
    const at = (partition: string, position: string) => ({ ...recordOf({}, 0), partition, position });
    const failed = [at('a', '10'), at('a', '9'), at('b', '7'), at('a', '100')];
    expect(lowestFailures(failed)).toEqual([at('a', '9'), at('b', '7')]);
  });
});
