import { describe, expect, it } from 'vitest';
import { doesWork } from '#core/regions/canary.ts';
import { beginRound, heldEpoch, LEASE_TIMES, newKeeper, noteAnswer, type Keeper } from '#core/regions/keeper.ts';
import { answerLease, NO_LEASE, type LeaseItem } from '#core/regions/lease.ts';

/** Three tables, each of which can be out of reach, and keepers that ask them. Times are seconds. */
class Tables {
  readonly items: LeaseItem[] = [NO_LEASE, NO_LEASE, NO_LEASE];
  unreachable: readonly number[] = [];

  /** A round whose answers arrive after `lateS`. Returns the keeper and the kinds of its requests. */
  round(keeper: Keeper, atS: number, serves = true, lateS = 0): { keeper: Keeper; kinds: readonly string[] } {
    const begun = beginRound(keeper, atS * 1_000, LEASE_TIMES, serves);
    const asked = begun.requests.filter(({ table }) => !this.unreachable.includes(table));
    const after = asked.reduce((known, request) => {
      const answer = answerLease(this.items[request.table] ?? NO_LEASE, request);
      this.items[request.table] = answer.item;
      return noteAnswer(known, request, answer, (atS + lateS) * 1_000);
    }, begun.keeper);
    return { keeper: after, kinds: begun.requests.map(({ kind }) => kind) };
  }
}

const held = (keeper: Keeper, atS: number): number | null => heldEpoch(keeper, atS * 1_000, LEASE_TIMES);

/** The home of region 0 in its own region, which has just held it for the first time. */
function begun(): { tables: Tables; own: Keeper } {
  const tables = new Tables();
  const seen = tables.round(newKeeper(0, 0), 0).keeper;
  return { tables, own: tables.round(seen, 1).keeper };
}

describe('a home', () => {
  it('is held by its own region first, without a wait', () => {
    const { own } = begun();
    expect(held(own, 1)).toBe(0);
  });

  it('is held for 27 seconds from the moment a round was sent, however late its answers are', () => {
    const { tables, own } = begun();
    const later = tables.round(own, 10, true, 8).keeper;
    expect([held(later, 36.9), held(later, 37)]).toEqual([0, null]);
  });

  it('is held with one table out of reach, and not with two', () => {
    const { tables, own } = begun();
    tables.unreachable = [2];
    const two = tables.round(own, 20).keeper;
    expect(held(two, 40)).toBe(0);
    tables.unreachable = [1, 2];
    expect(held(tables.round(two, 30).keeper, 50)).toBeNull();
  });

  it('goes to another region once its items were the same for 30 seconds, when the holder has stopped', () => {
    const { tables, own } = begun();
    let other = tables.round(newKeeper(1, 0), 2).keeper;
    tables.unreachable = [0];
    const early = tables.round(other, 31.9);
    expect(early.kinds).toEqual(['read', 'read', 'read']);
    const taken = tables.round(early.keeper, 32);
    expect(taken.kinds).toEqual(['take', 'take', 'take']);
    expect([held(own, 32), held(taken.keeper, 32)]).toEqual([null, 17]);
    // The first region finds it taken, and only watches.
    tables.unreachable = [];
    const back = tables.round(tables.round(own, 33).keeper, 38);
    expect([held(back.keeper, 38), back.kinds]).toEqual([null, ['read', 'read', 'read']]);
    other = tables.round(taken.keeper, 60).keeper;
    expect(held(other, 60)).toBe(17);
  });

  it('is not taken over while beats change in two tables, and the second candidate waits ten seconds more', () => {
    const { tables, own } = begun();
    const second = tables.round(newKeeper(2, 0), 2).keeper;
    const beaten = tables.round(own, 20).keeper;
    expect(held(beaten, 40)).toBe(0);
    const seen = tables.round(second, 33);
    expect(tables.round(seen.keeper, 64).kinds).toEqual(['read', 'read', 'read']);
    expect(tables.round(seen.keeper, 73).kinds).toEqual(['take', 'take', 'take']);
  });

  it('is neither held nor taken over by a region that does no work', () => {
    const { tables, own } = begun();
    const idle = tables.round(own, 20, false);
    expect(idle.kinds).toEqual(['read', 'read', 'read']);
    expect(held(idle.keeper, 28)).toBeNull();
    expect(tables.round(newKeeper(1, 0), 2, false).kinds).toEqual(['read', 'read', 'read']);
  });

  it('is held again after a restart only by a round of its own', () => {
    const { tables } = begun();
    const restarted = tables.round(newKeeper(0, 0), 5).keeper;
    expect(held(restarted, 5)).toBeNull();
    expect(held(tables.round(restarted, 6).keeper, 6)).toBe(0);
  });
});

it('a region works while a canary that was accepted in the last 40 seconds has ended', () => {
  expect([doesWork(null, 1_000), doesWork(0, 39_999), doesWork(0, 40_000)]).toEqual([false, true, false]);
});
