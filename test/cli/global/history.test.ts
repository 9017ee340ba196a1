import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beliefsOf, overlapsOf, type Observation } from '#cli/global/demo/history.ts';

const seen = (at: number, region: string, epoch: number, until: number, home = 'us'): Observation => ({
  at,
  region,
  home,
  epoch,
  until,
});

describe('beliefs', () => {
  it('are one interval while a region renews them', () => {
    expect(beliefsOf([seen(0, 'us', 0, 27), seen(5, 'us', 0, 32), seen(10, 'us', 0, 37)])).toEqual([
      { region: 'us', home: 'us', epoch: 0, from: 0, until: 37 },
    ]);
  });

  it('are two where one has run out meanwhile', () => {
    expect(beliefsOf([seen(0, 'us', 0, 27), seen(40, 'us', 0, 67)])).toHaveLength(2);
  });

  it('end early where a region says so', () => {
    expect(beliefsOf([seen(0, 'us', 0, 27), seen(10, 'us', 0, 11), seen(20, 'eu', 17, 40)])).toMatchObject([
      { region: 'us', from: 0, until: 11 },
      { region: 'eu', from: 20, until: 40 },
    ]);
  });

  it('that have run out when they are seen are none', () => {
    expect(beliefsOf([seen(30, 'us', 0, 27)])).toEqual([]);
  });
});

describe('the judge', () => {
  it('finds two regions that believed to hold a home at once', () => {
    const overlaps = overlapsOf(beliefsOf([seen(0, 'us', 0, 27), seen(26, 'eu', 17, 53)]));
    expect(overlaps).toMatchObject([{ home: 'us', one: { region: 'us' }, other: { region: 'eu' } }]);
  });

  it('counts a killed region until its belief would have ended', () => {
    expect(overlapsOf(beliefsOf([seen(0, 'us', 0, 27), seen(20, 'eu', 17, 47)]))).toHaveLength(1);
    expect(overlapsOf(beliefsOf([seen(0, 'us', 0, 27), seen(27, 'eu', 17, 54)]))).toEqual([]);
  });

  it('finds an epoch that two regions used, at whatever times', () => {
    expect(overlapsOf(beliefsOf([seen(0, 'us', 17, 27), seen(100, 'eu', 17, 127)]))).toHaveLength(1);
  });

  it('takes different homes for different things', () => {
    expect(overlapsOf(beliefsOf([seen(0, 'us', 0, 27), seen(0, 'eu', 1, 27, 'eu')]))).toEqual([]);
  });

  it('agrees with a check of every moment, over histories at random', () => {
    const history = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 40 }),
        region: fc.constantFrom('us', 'eu'),
        length: fc.integer({ min: 1, max: 10 }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(history, (rounds) => {
        // Each region has an epoch of its own, and one word at a time.
        const said = rounds
          .filter(
            ({ at, region }, index) => rounds.findIndex((one) => one.at === at && one.region === region) === index,
          )
          .map(({ at, region, length }) => seen(at, region, region === 'us' ? 0 : 1, at + length));
        const holds = (region: string, moment: number): boolean => {
          const last = said
            .filter((one) => one.region === region && one.at <= moment)
            .toSorted((a, b) => b.at - a.at)[0];
          return last !== undefined && moment < last.until;
        };
        const moments = Array.from({ length: 60 }, (_, moment) => moment);
        const both = moments.some((moment) => holds('us', moment) && holds('eu', moment));
        expect(overlapsOf(beliefsOf(said)).length > 0).toBe(both);
      }),
    );
  });
});
