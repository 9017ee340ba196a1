import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../alerts/decide.ts';
import { acknowledge } from '../../alerts/transitions.ts';
import { digestSchema } from '../../digests/digest.ts';
import { digestHtml } from '../../digests/html.ts';
import { makeDigest } from '../../digests/make-digest.ts';
import { digestText } from '../../digests/text.ts';
import { contextOf, eventAt, matchOf, NOW } from '../alerts/support.ts';
import { analysis, finding, inputOf } from './support.ts';

const full = () => {
  const alert = decide(null, matchOf({ event: eventAt('2026-11-27T14:30:00Z', 'e') }), contextOf());
  if (alert === null) throw new Error('no alert');
  return inputOf({
    findings: [
      finding({ id: 'a', atStakeUsd: 500 }),
      finding({ id: 'b', subject: 'cik:0000789019', ticker: 'MSFT', atStakeUsd: 9_000, severity: 'warning' }),
      finding({ id: 'c', severity: 'info', atStakeUsd: 800, late: true }),
      analysis('t1', 'Results were worse than expected.'),
      analysis('t2', null),
    ],
    late: [finding({ id: 'l', event: eventAt('2026-11-27T13:10:00Z', 'late-1') }, Date.parse('2026-11-27T14:20:00Z'))],
    alerts: [alert],
    silentSources: ['news', 'bars'],
  });
};

describe('a digest', () => {
  it('says what happened in order of money, what was done, what is open', () => {
    const digest = makeDigest(full());
    expect(digestSchema.parse(digest)).toEqual(digest);
    expect(digest.happened.map(({ ticker, atStakeUsd }) => [ticker, atStakeUsd])).toEqual([
      ['AAPL', 10_000],
      ['MSFT', 9_000],
    ]);
    expect(digest.happened[0]?.items.map((each) => each.finding)).toEqual(['a', 'c']);
    expect(digest.happened[0]?.analyses.map(({ summary }) => summary)).toEqual(['Results were worse than expected.']);
    expect(digest.done).toMatchObject([{ why: 'first', event: { id: 'e' } }]);
    expect(digest.open).toMatchObject([{ alert: 'tech/cik:0000320193/price-move', acknowledgedBy: null }]);
    expect(digest.covers).toEqual({
      events: 2_083,
      rejected: 1,
      outOfOrder: 2,
      matches: 3,
      urgent: 1,
      analyses: 1,
      expired: 1,
      late: 1,
      silentSources: ['bars', 'news'],
      leftOut: 0,
    });
    expect(digest.headline).toBe(
      '3 signals about 2 instruments, 1 urgent, most at stake: AAPL with $10,000, 1 alert open, 1 late.',
    );
  });

  it('names the event of each figure', () => {
    const { happened, late, done, open } = makeDigest(full());
    for (const { items } of happened) for (const { event } of items) expect(event.id).not.toBe('');
    expect(late).toMatchObject([{ event: { id: 'late-1' }, belongsTo: '2026-11-27T13', lateBySeconds: 4_200 }]);
    expect(done.every(({ event }) => event.id !== '')).toBe(true);
    expect(open.every(({ events }) => events.length > 0)).toBe(true);
  });

  it('the same items make the same bytes, in any order and repeated', () => {
    const input = full();
    const bytes = JSON.stringify(makeDigest(input));
    fc.assert(
      fc.property(fc.shuffledSubarray([...input.findings], { minLength: input.findings.length }), (findings) => {
        expect(JSON.stringify(makeDigest({ ...input, findings: [...findings, ...findings] }))).toBe(bytes);
      }),
    );
  });

  it('an hour without news is one line', () => {
    const digest = makeDigest(inputOf());
    expect(digest.headline).toBe('Nothing that concerns this portfolio. 2,083 events seen.');
    expect(digestText(digest).split('\n')).toHaveLength(5);
    expect(digestHtml(digest)).not.toContain('<h2');
    expect(makeDigest(inputOf({ counts: null, silentSources: ['bars'] })).headline).toBe(
      'Nothing that concerns this portfolio. Silent: bars.',
    );
  });

  it('says what is late, and where it belongs, in the zone of its readers', () => {
    const text = digestText(makeDigest(full()));
    expect(text).toContain('late, belongs to 08:00 on 2026-11-27');
    expect(text).toContain('Technology: 09:00 to 10:00 on 2026-11-27 (America/New_York)');
    expect(text).toContain('Silent for five minutes or more: bars, news.');
    expect(text).toContain('1 analysis came too late and were dropped.');
    expect(text.trimEnd().endsWith('Not investment advice.')).toBe(true);
  });

  it('counts what is done when it was done, if no event brought it', () => {
    const alert = decide(null, matchOf({ event: eventAt('2026-11-27T14:30:00Z') }), contextOf());
    const acknowledged = alert && acknowledge(alert, 'ada', NOW);
    const at = (hour: string) =>
      makeDigest(
        inputOf({
          alerts: acknowledged ? [acknowledged] : [],
          period: {
            kind: 'hour',
            id: hour,
            from: Date.parse(`${hour}:00:00Z`),
            to: Date.parse(`${hour}:00:00Z`) + 3_600_000,
          },
        }),
      ).done.map(({ why }) => why);
    expect(at('2026-11-27T14')).toEqual(['first']);
    expect(at('2026-11-27T15')).toEqual(['acknowledged']);
    expect(at('2026-11-27T16')).toEqual([]);
  });

  it('stays within the limits of mail programs, and counts what it leaves out', () => {
    const findings = Array.from({ length: 3_000 }, (_, index) =>
      finding({
        id: `m${index}`,
        subject: `cik:${String(index % 600).padStart(10, '0')}`,
        ticker: `T${index % 600}`,
        title: 'w'.repeat(200),
      }),
    );
    const digest = makeDigest(inputOf({ findings }));
    expect(digest.happened).toHaveLength(200);
    expect(digest.covers).toMatchObject({ matches: 3_000, leftOut: 400 });
    const html = digestHtml(digest);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(html).toContain('more in the JSON of this digest');
  });
});
