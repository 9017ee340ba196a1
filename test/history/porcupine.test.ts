import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LeaseLine, RecordedCondition, RecordedLease } from '#cli/global/lease-history/lines.ts';
import { UserError } from '#cli/user-error.ts';
import { PatchedCore, PROJECT } from '../simulation/program/patched-core.ts';
import { loadRegionsCore } from '../simulation/regions/core.ts';
import { buildPorcupine, judge, type Judgement } from './porcupine.ts';
import { recordWorlds } from './worlds.ts';

const built = await buildPorcupine().catch((error: unknown) => {
  if (error instanceof UserError) return { missing: error.message };
  throw error;
});
const program = typeof built === 'string' ? built : '';
const reason = typeof built === 'string' ? 'Porcupine' : `skipped. ${built.missing}`;

const folder = mkdtempSync(join(tmpdir(), 'agent-fleet-history-'));

async function judged(...lines: readonly (LeaseLine | readonly LeaseLine[])[]): Promise<Judgement | undefined> {
  const file = join(folder, 'history.jsonl');
  writeFileSync(
    file,
    lines
      .flat()
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
  return (await judge(program, [file]))[0];
}

let calls = 0;
/** A call from one moment until another, or one without an answer. */
function call(
  [at, until]: readonly [number, number | null],
  request: { readonly kind: 'read' } | { readonly item: RecordedLease; readonly if: RecordedCondition },
  answer: { readonly granted?: boolean; readonly stored?: RecordedLease | null } = {},
): readonly LeaseLine[] {
  calls += 1;
  const of = { call: `${calls}`, caller: 'us', table: 'eu', home: 'ap' };
  const called = { type: 'call', at, ...of, request: { kind: 'write', ...request } } as const;
  return until === null ? [called] : [called, { type: 'return', at: until, call: of.call, ...answer }];
}

const lease = (epoch: number, beat: number): RecordedLease => ({ epoch, beat });
const first = call([0, 1], { item: lease(0, 1), if: { is: 'absent' } }, { granted: true });
const beat = (nth: number) => ({ item: lease(0, nth), if: { is: 'earlier', epoch: 0, beat: nth } }) as const;
const take = (seen: RecordedLease) => ({ item: lease(17, 9), if: { is: 'same', ...seen } }) as const;
const read = (times: readonly [number, number], stored: RecordedLease | null) =>
  call(times, { kind: 'read' }, { stored });
const hold = (at: number, until: number, region: string): LeaseLine => ({
  type: 'hold',
  at,
  until,
  region,
  home: 'ap',
  epoch: 0,
});

describe.skipIf(program === '')(`a history: ${reason}`, () => {
  it('accepts writes that their conditions explain, in any order of calls at once', async () => {
    expect(
      await judged(
        first,
        call([2, 9], beat(2), { granted: true }),
        read([3, 4], lease(0, 2)),
        call([5, 6], take(lease(0, 1)), { granted: false, stored: lease(0, 2) }),
        call([7, 8], take(lease(0, 2)), { granted: true }),
        read([10, 11], lease(17, 9)),
      ),
    ).toMatchObject({ violations: [], undecided: [], calls: 6, open: 0, items: 1 });
  });

  it('lets a call without an answer have its effect at any time, or never', async () => {
    const open = call([2, null], beat(2));
    for (const stored of [lease(0, 1), lease(0, 2)])
      expect(await judged(first, open, read([8, 9], stored))).toMatchObject({ violations: [], open: 1 });
    const [later, never] = [lease(0, 2), lease(0, 1)];
    expect(await judged(first, open, read([8, 9], later), read([10, 11], never))).toMatchObject({
      violations: [expect.stringContaining('the lease of ap in the table of eu')],
    });
    // A failed condition that tells nothing may be explained by it, too.
    const rejected = call([4, 5], take(lease(0, 1)), { granted: false });
    expect(await judged(first, rejected)).toMatchObject({ violations: [expect.anything()] });
    expect(await judged(first, open, rejected)).toMatchObject({ violations: [] });
  });

  it('decides quickly where an hour of calls had no answer', async () => {
    const lost = Array.from({ length: 720 }, (_, nth) => call([nth * 5 + 3, null], beat(nth + 2)));
    const reads = Array.from({ length: 720 }, (_, nth) => read([nth * 5 + 4, nth * 5 + 5], lease(0, 1)));
    expect(await judged(first, ...lost, ...reads)).toMatchObject({ violations: [], undecided: [], open: 720 });
  });

  it('decides quickly what a holder wrote that two keepers renewed for, and that was cut off', async () => {
    const before = [2, 3, 4, 5].flatMap((nth) => [
      call([nth * 10, nth * 10 + 1], beat(nth), { granted: true }),
      call([nth * 10 + 2, nth * 10 + 3], beat(nth), { granted: false }),
    ]);
    const lost = Array.from({ length: 60 }, (_, nth) => call([60 + nth, null], beat(6 + Math.floor(nth / 3))));
    const taken = call([130, 131], take(lease(0, 5)), { granted: true });
    const takenAgain = call([132, 133], take(lease(0, 5)), { granted: false });
    const next = { item: lease(17, 9), if: { is: 'earlier', epoch: 17, beat: 9 } } as const;
    const denied = Array.from({ length: 30 }, (_, nth) =>
      call([140 + nth * 2, 141 + nth * 2], next, { granted: false }),
    );
    expect(await judged(first, ...before, ...lost, taken, takenAgain, ...denied)).toMatchObject({
      violations: [],
      undecided: [],
      open: 60,
    });
    const takenTwice = call([134, 135], take(lease(0, 5)), { granted: true });
    expect(await judged(first, ...before, ...lost, taken, takenTwice, ...denied)).toMatchObject({
      violations: [expect.stringContaining('is no register')],
    });
  });

  it.each([
    ['a stale read', read([4, 5], lease(0, 1))],
    ['a write whose condition did not hold', call([4, 5], take(lease(0, 1)), { granted: true })],
    ['a rejected write whose condition held', call([4, 5], take(lease(0, 2)), { granted: false })],
    ['an item that is gone', read([4, 5], null)],
  ])('finds %s', async (_, after) => {
    expect(await judged(first, call([2, 3], beat(2), { granted: true }), after)).toMatchObject({
      violations: [expect.stringMatching(/is no register with conditional writes \(.*\.html\)$/)],
    });
  });

  it('does not judge an operation that it does not know', async () => {
    const of = { type: 'call', at: 1, call: 'x', caller: 'us', table: 'eu', home: 'ap' } as const;
    expect(await judged({ ...of, request: { kind: 'DeleteItem' } })).toMatchObject({
      violations: ['the lease of ap in the table of eu: the operation DeleteItem is not judged'],
    });
  });

  it('does not judge a beat that its condition does not name', async () => {
    for (const [epoch, nth] of [
      [17, 2],
      [0, 3],
    ] as const)
      expect(
        await judged(first, call([2, 3], { ...beat(2), item: lease(epoch, nth) }, { granted: true })),
      ).toMatchObject({
        violations: [
          `the lease of ap in the table of eu: the condition of a beat names epoch 0, beat 2, and it writes epoch ${epoch}, beat ${nth}`,
        ],
      });
  });

  it('finds two holders of a home, and none where one follows the other', async () => {
    expect(await judged(hold(0, 27, 'us'), hold(5, 32, 'us'), hold(32, 40, 'eu'))).toMatchObject({
      violations: [],
      holds: 2,
    });
    expect(await judged(hold(0, 27, 'us'), hold(5, 32, 'us'), hold(31, 40, 'eu'))).toMatchObject({
      violations: [expect.stringContaining('the home ap is no lock')],
    });
  });
});

describe.skipIf(program === '')(`worlds: ${reason}`, () => {
  it('finds nothing in worlds of the simulation', async () => {
    const core = await loadRegionsCore(PROJECT);
    const files = await recordWorlds({ core, folder: join(folder, 'worlds'), from: 1, worlds: 20 });
    const worlds = await judge(program, files);
    expect(worlds.flatMap(({ violations, undecided }) => [...violations, ...undecided])).toEqual([]);
    const sum = (of: (one: Judgement) => number): number => worlds.reduce((total, one) => total + of(one), 0);
    expect(sum(({ open }) => open)).toBeGreaterThan(100);
    expect(sum(({ holds }) => holds)).toBeGreaterThan(3 * worlds.length);
  });

  it.each([
    ['search/takeover-ignores-beat', 'is no register'],
    ['search/grant-not-stored', 'is no register'],
    ['worlds/stale-round-counts', 'is no lock'],
  ])('finds the planted bug %s', async (name, what) => {
    await using patched = await PatchedCore.make(join(PROJECT, `test/simulation/regions/mutants/${name}.patch`));
    const core = await loadRegionsCore(patched.root);
    for (let from = 1; from <= 400; from += 20) {
      const files = await recordWorlds({ core, folder: join(folder, 'mutant'), from, worlds: 20 });
      const found = (await judge(program, files)).flatMap(({ violations }) => violations);
      if (found.some((sentence) => sentence.includes(what))) return;
    }
    expect.unreachable('No world showed it.');
  });
});
