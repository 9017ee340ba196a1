import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Length } from '#core/text/utf8-length.ts';
import { decide } from '../../alerts/decide.ts';
import { acknowledge } from '../../alerts/transitions.ts';
import { digestSchema } from '../../digests/digest.ts';
import { digestHtml } from '../../digests/html.ts';
import { makeDigest } from '../../digests/make-digest.ts';
import { lettersOf } from '../../digests/publish.ts';
import { hourOf } from '../../digests/period.ts';
import { digestText } from '../../digests/text.ts';
import { halted, quiet } from '../alerts/acts.ts';
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
    unanswered: { expired: 2, waiting: 4 },
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
      expired: 3,
      waiting: 4,
      late: 1,
      silentSources: ['bars', 'news'],
      leftOut: 0,
      lateLeftOut: 0,
      doneLeftOut: 0,
      openLeftOut: 0,
      heldLeftOut: 0,
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
    expect(digestText(digest, { details: true }).split('\n')).toHaveLength(5);
    expect(digestHtml(digest)).not.toContain('<h2');
    expect(makeDigest(inputOf({ counts: null, silentSources: ['bars'] })).headline).toBe(
      'Nothing that concerns this portfolio. Silent: bars.',
    );
  });

  it('says what is late, and where it belongs, in the zone of its readers', () => {
    const text = digestText(makeDigest(full()), { details: true });
    expect(text).toContain('late by 70 min, belongs to 08:00 on 2026-11-27');
    expect(text).toContain('Technology: 09:00 to 10:00 on 2026-11-27 (America/New_York)');
    expect(text).toContain('Silent for too long: bars, news.');
    expect(text).toContain('3 analyses came too late and were dropped.\n4 analyses have not come yet.');
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

  it('has one line for each instrument first, and what belongs to it after that', () => {
    const lines = digestText(makeDigest(full()), { details: true }).split('\n');
    const part = (title: string): string[] =>
      lines.slice(lines.indexOf(title) + 1, lines.indexOf('', lines.indexOf(title)));
    expect(part('What happened')).toHaveLength(2);
    expect(part('What happened')[0]).toMatch(
      /^- \$500: URGENT AAPL fell 5\.2 % .*\(\+1, up to \$10,000 by another match\)$/,
    );
    expect(part('What was done')).toEqual(['People were sent 1 alert.']);
    expect(lines.indexOf('Details')).toBeGreaterThan(lines.indexOf('What is open'));
    expect(part('Details').join('\n')).toContain('price-move: "Results were worse than expected."');
  });

  it('lists plainly what people were not notified of, and why, also if it has ended', () => {
    const match = matchOf({ event: eventAt('2026-11-27T14:30:00Z') });
    const held = decide(null, match, contextOf(halted));
    const quieter = decide(
      null,
      matchOf({ id: 'q', subject: 'cik:0000000002', ticker: 'QQQ', severity: 'warning' }),
      contextOf(quiet),
    );
    const ended = decide(
      decide(
        null,
        matchOf({ subject: 'cik:0000000003', ticker: 'EEE', event: eventAt('2026-11-27T14:31:00Z') }),
        contextOf(halted),
      ),
      matchOf({ id: 'r', subject: 'cik:0000000003', resolves: true, event: eventAt('2026-11-27T14:50:00Z') }),
      contextOf(),
    );
    const alerts = [held, quieter, ended].flatMap((each) => each ?? []);
    const digest = makeDigest(inputOf({ alerts, findings: [finding()] }));
    expect(digest.held).toMatchObject([
      { ticker: 'AAPL', why: 'inhibited', endedAt: null, severity: 'urgent' },
      { ticker: 'EEE', why: 'inhibited', endedAt: '2026-11-27T14:50:00.000Z' },
      { ticker: 'QQQ', why: 'quiet-hours', endedAt: null },
    ]);
    expect(digest.headline).toContain('2 alerts open, 3 held back.');
    const text = digestText(digest, { details: false });
    expect(text).not.toContain('What is open');
    expect(text).toMatch(/Held back\n- \$10,000: URGENT AAPL .* \(not sent: the whole market was halted\)/);
    expect(text).toMatch(/EEE|AAPL fell.*halted, over at 09:50/);
    expect(digestHtml(digest)).toContain('Held back');
    const next = inputOf({ alerts, period: hourOf(Date.parse('2026-11-27T15:00:00Z')) });
    expect(makeDigest(next).held.map(({ ticker }) => ticker)).toEqual(['AAPL', 'QQQ']);
  });

  it('says words and money of one match', () => {
    const findings = [finding({ id: 'a', atStakeUsd: 500 }), finding({ id: 'b', severity: 'info', atStakeUsd: 900 })];
    const first = decide(null, matchOf({ atStakeUsd: 500 }), contextOf());
    const alert = decide(first, matchOf({ id: 'b', severity: 'warning', atStakeUsd: 900 }), contextOf());
    const text = digestText(makeDigest(inputOf({ findings, alerts: alert === null ? [] : [alert] })), {
      details: false,
    });
    expect(text).toMatch(/What happened\n- \$500: URGENT .* \(\+1, up to \$900 by another match\)/);
    expect(text).toMatch(/What is open\n- \$500: URGENT .* \(up to \$900 by another match\) \(not acknowledged\)/);
  });

  it('tells the time of events, also of a day that is played', () => {
    const event = eventAt('2025-03-03T15:30:00Z');
    const alert = decide(null, matchOf({ event }), contextOf({ now: NOW }));
    const [open] = makeDigest(inputOf({ alerts: alert === null ? [] : [alert] })).open;
    expect(open?.since).toBe('2025-03-03T15:30:00.000Z');
  });
});

describe('a digest of a very busy hour', () => {
  /** 3,000 instruments, each with matches, an analysis, and an alert, whose texts do not compress. */
  const busy = () => {
    const words = (seed: string): string =>
      Array.from({ length: 5 }, (_, at) => createHash('sha512').update(`${seed}${at}`).digest('base64')).join(' ');
    const each = Array.from({ length: 3_000 }, (_, index) => ({
      subject: `cik:${String(index).padStart(10, '0')}`,
      ticker: `T${index}`,
      atStakeUsd: index,
      title: words(`${index}`),
      event: eventAt('2026-11-27T14:30:00Z', words(`e${index}`)),
    }));
    const findings = each.flatMap((own, index) => [
      ...['a', 'b', 'c'].map((id) => finding({ ...own, id: `${id}${index}` })),
      analysis(`t${index}`, words(`s${index}`), own),
    ]);
    const alerts = each.flatMap((own) => decide(null, matchOf(own), contextOf()) ?? []);
    const late = each.map((own, index) => finding({ ...own, id: `l${index}`, event: eventAt('2026-11-27T13:30:00Z') }));
    return { input: inputOf({ findings, alerts, late }), each };
  };

  it('fits an item of DynamoDB with the names of all findings, and counts what it leaves out', () => {
    const { input } = busy();
    const digest = makeDigest(input);
    const { happened, late, done, open, covers } = digest;
    expect(digestSchema.parse(digest)).toEqual(digest);
    expect(covers).toMatchObject({ matches: 9_000, analyses: 3_000, late: 3_000 });
    for (const [list, leftOut] of [
      [happened, covers.leftOut],
      [late, covers.lateLeftOut],
      [done, covers.doneLeftOut],
      [open, covers.openLeftOut],
    ] as const) {
      expect(list.length).toBeGreaterThan(20);
      expect(list.length + leftOut).toBe(3_000);
      // What has the most at stake is kept.
      expect(list.map(({ ticker }) => ticker)).toEqual(list.map((_, index) => `T${2_999 - index}`));
    }
    const included = Array.from({ length: 10_000 }, (_, index) =>
      createHash('md5').update(`${index}`).digest('base64').slice(0, 8),
    );
    const record = { portfolio: 'tech', period: 'p', revision: 1, madeAt: NOW, included, digest };
    expect(utf8Length(JSON.stringify(record))).toBeLessThan(400_000);
  });

  it('is a short mail', () => {
    const digest = makeDigest(busy().input);
    const html = digestHtml(digest);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(html.match(/<tr>/g)?.length).toBeLessThan(100);
    expect(html).toContain('more in the JSON of this digest');
    const [letter] = lettersOf(digest, 'fleet@example.com', ['ada@example.com']);
    expect(letter?.text.split('\n').length).toBeLessThan(80);
  });
});
