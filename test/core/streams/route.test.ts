import { describe, expect, it } from 'vitest';
import { lowestFailures } from '#core/streams/checkpoint.ts';
import { positions, recordOf, world } from './router-world.ts';
import { seenBy, T0 } from './support.ts';

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

  it('tells its app when what it set aside had happened, or arrived where that cannot be read', async () => {
    const w = world();
    const at = (seconds: number, more: object) => ({ id: `e${seconds}`, atMs: T0 + seconds * 1_000, ...more });
    await w.route([{ text: '{' }, at(-3, { amount: -1 }), at(9, { amount: -1 }), at(-2, { subject: 'nobody' })]);
    expect(w.rejectedAt.toSorted((one, other) => one - other)).toEqual([T0 - 3_000, T0 - 2_000, T0, T0]);
    w.setAside.fails = true;
    await w.route([{ text: '{' }]);
    expect(w.rejectedAt).toHaveLength(4);
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
    const broken = await w.route(batch);
    expect([positions(broken.failed), broken.notYet]).toEqual([['1'], []]);
    const late = await w.route(batch, w.router, () => 1_000);
    expect(positions(late.failed)).toEqual(['0', '1', '2']);
    expect(late.notYet).toEqual(late.failed);
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
