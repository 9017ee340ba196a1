import { describe, expect, it } from 'vitest';
import { OutOfTimeError } from '#core/concurrency/within.ts';
import { FailureError } from '#core/failures/failure.ts';
import { MAX_EFFECT_ATTEMPTS } from '#core/streams/outbox.ts';
import { PERFORM_MS } from '#core/streams/perform.ts';
import { RESERVE_MS } from '#core/streams/route.ts';
import { positions, world } from './router-world.ts';

const HOUR = 3_600_000;

describe('effects of a router', () => {
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

  it('I18: leaves effects to the sweep when the invocation has no time for one that stalls', async () => {
    const w = world();
    const left = [60_000, RESERVE_MS - 1];
    const routed = await w.route([{ sequence: 0, amount: 100 }], undefined, () => left.shift() ?? RESERVE_MS - 1);
    expect(routed).toMatchObject({ failed: [], summary: { applied: 1, effects: 0 } });
    expect(w.performed).toEqual([]);
    w.wait(60_000);
    expect(await w.sweep()).toMatchObject({ effects: 1 });
  });

  it('I18: an effect that stalls again and again keeps no other from its turn', async () => {
    const w = world();
    w.stalled.add('bars/e-0/0');
    for (const act of [() => w.route([0, 1].map((sequence) => ({ sequence, amount: 100 }))), w.sweep, w.sweep]) {
      const stall = w.stall();
      const acting = act();
      await stall;
      w.wait(PERFORM_MS);
      await acting;
      // All are due again each time.
      w.wait(HOUR);
    }
    expect(w.performed).toEqual(['bars/e-1/0']);
    expect(w.subjects.read('s-1')?.outbox).toMatchObject([{ id: 'bars/e-0/0', attempts: 3 }]);
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

  it('I18: a full outbox of which nothing is due has room as soon as an outage is over', async () => {
    const w = world();
    w.broken.set('all', new OutOfTimeError('They stall together.'));
    const sent = Array.from({ length: 4 }, (_, sequence) => ({ sequence, effects: 90, source: 's'.repeat(200) }));
    const first = await w.route(sent);
    const full = w.subjects.read('s-1');
    expect(new Set(full?.outbox.map(({ attempts }) => attempts))).toEqual(new Set([1]));
    // What is tried out of its turn does not count as failed.
    const again = await w.route(sent);
    expect([again.failed, again.notYet]).toEqual([first.failed, first.failed]);
    expect(w.subjects.read('s-1')).toEqual(full);
    w.broken.clear();
    expect((await w.route(sent)).failed).toEqual([]);
    expect(new Set(w.performed).size).toBe(360);
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
});
