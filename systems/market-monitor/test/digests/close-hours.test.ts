import { describe, expect, it } from 'vitest';
import type { Counts } from '../../digests/counts.ts';
import { closeHours, closePlayed } from '../../digests/close-hours.ts';
import type { Digest } from '../../digests/digest.ts';
import type { DigestPorts } from '../../digests/ports.ts';
import { dueHours } from '../../digests/period.ts';
import { nextHour, recordFindings } from '../../digests/record-finding.ts';
import { eventAt } from '../alerts/support.ts';
import { finding, memoryAsked, MemoryDigests, MemoryFindings, type Strike } from './support.ts';

const PORTFOLIO = { id: 'tech', name: 'Technology', zone: 'America/New_York' };
const at = (time: string): number => Date.parse(`2026-11-27T${time}:00Z`);

function opened(strike: Strike = () => undefined) {
  const published: Digest[] = [];
  const whole = new Map<string, Digest>();
  const digests = new MemoryDigests(strike);
  const findings = new MemoryFindings();
  const asked = memoryAsked();
  const time = { now: at('15:10') };
  const counts: Counts = { events: 10, rejected: 0, outOfOrder: 0 };
  const ports: { -readonly [Key in keyof DigestPorts]: DigestPorts[Key] } = {
    digests,
    findings,
    alerts: { ofPortfolio: () => [][Symbol.iterator]() as unknown as AsyncIterable<never> },
    counts: { of: (hour) => Promise.resolve(hour.endsWith('14') ? counts : null) },
    asked,
    clock: { now: () => time.now },
    silentSources: () => Promise.resolve([]),
    keepWhole: (key, digest) => Promise.resolve(void whole.set(key, digest)),
    publish: async (digest) => {
      strike('before publish');
      await Promise.resolve();
      published.push(digest);
      strike('after publish');
    },
  };
  return { ports, digests, findings, published, whole, asked, time };
}

const ids = ({ happened }: Digest): string[] => happened.flatMap(({ items }) => items.map((each) => each.finding));

describe('due hours', () => {
  it.each([
    ['15:09', []],
    ['15:10', ['2026-11-27T14']],
    ['16:10', ['2026-11-27T14', '2026-11-27T15']],
  ])('at %s: %j', (time, expected) => {
    expect(dueHours('2026-11-27T13', at(time)).map(({ id }) => id)).toEqual(expected);
  });

  it('begin with the last one, and go back two days at most', () => {
    expect(dueHours(null, at('15:10')).map(({ id }) => id)).toEqual(['2026-11-27T14']);
    const many = dueHours('2026-11-20T00', at('15:10'));
    expect(many).toHaveLength(48);
    expect(many.at(-1)?.id).toBe('2026-11-27T14');
    expect(dueHours('2026-11-27T20', at('15:10'))).toEqual([]);
  });
});

describe('closing hours', () => {
  it('makes each digest once', async () => {
    const { ports, published } = opened();
    await recordFindings(ports, [finding({ id: 'a' })]);
    await closeHours(ports, PORTFOLIO, at('15:10'));
    await closeHours(ports, PORTFOLIO, at('15:11'));
    expect(published.map(({ id }) => id)).toEqual(['tech/2026-11-27T14']);
    expect(published.map(ids)).toEqual([['a']]);
    expect(published[0]?.covers.events).toBe(10);
  });

  it('one that does not fit an item is in the bucket as a whole, and says where', async () => {
    const { ports, published, whole } = opened();
    const many = Array.from({ length: 900 }, (_, index) =>
      finding({ id: `m${index}`, subject: `cik:${String(index).padStart(10, '0')}`, title: 'w'.repeat(300) }),
    );
    await recordFindings(ports, many);
    await closeHours(ports, PORTFOLIO, at('15:10'));
    const [key = ''] = whole.keys();
    expect(key).toBe('digests/tech/2026-11-27T14/1.json');
    expect(published[0]).toMatchObject({ whole: key });
    expect(published[0]?.covers.leftOut).toBeGreaterThan(100);
    expect(whole.get(key)?.happened).toHaveLength(900);
    await closeHours(ports, PORTFOLIO, at('16:10'));
    expect(published[1]).toMatchObject({ whole: null });
    expect(whole.size).toBe(1);
  });

  it('one that comes late stands in the next digest, once', async () => {
    const { ports, published } = opened();
    await closeHours(ports, PORTFOLIO, at('15:10'));
    const late = finding({ id: 'late' }, at('15:30'));
    await recordFindings(ports, [late]);
    await recordFindings(ports, [late]);
    await closeHours(ports, PORTFOLIO, at('16:10'));
    await closeHours(ports, PORTFOLIO, at('17:10'));
    expect(published.map(({ late: found }) => found.map((each) => each.finding))).toEqual([[], ['late'], []]);
    expect(published[1]?.late[0]).toMatchObject({ belongsTo: '2026-11-27T14', lateBySeconds: 3_600 });
  });

  it('one that came between the closing and the reading of its hour is counted once', async () => {
    const { ports, published, findings } = opened();
    const slow = finding({ id: 'slow' }, at('15:10'));
    const of = findings.of.bind(findings);
    // Written after the hour was closed and before it is read.
    findings.of = async (portfolio, hour) => {
      if (hour === '2026-11-27T14') await recordFindings(ports, [slow]);
      return of(portfolio, hour);
    };
    await closeHours(ports, PORTFOLIO, at('15:10'));
    findings.of = of;
    await closeHours(ports, PORTFOLIO, at('16:10'));
    expect(published.map(ids)).toEqual([['slow'], []]);
    expect(published.map(({ late }) => late.length)).toEqual([0, 0]);
  });

  it('counts analyses that were asked for and never came, each once, when they have outlived their freshness', async () => {
    const { ports, asked, published, time } = opened();
    const ask = (task: string, event: string, deadline: string) =>
      asked.ask({
        portfolio: 'tech',
        hour: `2026-11-27T${event.slice(0, 2)}`,
        task,
        eventAt: at(event),
        deadline: at(deadline),
      });
    await ask('answered', '14:30', '14:40');
    await asked.answer({ portfolio: 'tech', hour: '2026-11-27T14', task: 'answered' });
    await ask('expired', '14:30', '14:40');
    await ask('slow', '14:30', '15:30');
    await ask('slower', '14:59', '20:59');
    // Its signals are of two hours: it stands in that of the newest.
    await ask('both', '14:59', '15:20');
    await ask('both', '15:00', '15:20');
    const close = async (now: string) => {
      time.now = at(now);
      await closeHours(ports, PORTFOLIO, at(now));
    };
    for (const hour of ['15', '16', '17']) await close(`${hour}:10`);
    const hours = published.filter(({ period }) => period.kind === 'hour');
    expect(hours.map(({ covers: { expired, waiting } }) => [expired, waiting])).toEqual([
      [1, 2],
      [2, 0],
      [0, 0],
    ]);
  });

  it('at close there is one of the session', async () => {
    const { ports, published } = opened();
    // The day after Thanksgiving closes at 13:00 in New York.
    await recordFindings(ports, [
      finding({ id: 'before', event: eventAt('2026-11-27T14:29:00Z', 'x') }),
      finding({ id: 'in', event: eventAt('2026-11-27T17:59:00Z', 'y') }),
      finding({ id: 'after', event: eventAt('2026-11-27T18:00:00Z', 'z') }),
    ]);
    await closeHours(ports, PORTFOLIO, at('18:09'));
    await closeHours(ports, PORTFOLIO, at('18:10'));
    await closeHours(ports, PORTFOLIO, at('18:11'));
    const sessions = published.filter(({ period }) => period.kind === 'session');
    expect(sessions.map(({ id }) => id)).toEqual(['tech/2026-11-27-close']);
    expect(sessions.map(ids)).toEqual([['in']]);
  });

  it('a crash anywhere loses and doubles nothing', async () => {
    for (let crashAt = 0; crashAt < 14; crashAt++) {
      let step = 0;
      const { ports, digests, published } = opened((point) => {
        if (step++ === crashAt) throw new Error(`crash ${point}`);
      });
      await recordFindings(ports, [finding({ id: 'a' })]);
      for (let minute = 10; minute < 20; minute++) {
        // A first read that fails is of the whole call.
        await closeHours(ports, PORTFOLIO, at(`15:${minute}`)).catch(() => undefined);
      }
      const bytes = new Set(published.map((digest) => JSON.stringify(digest)));
      expect([...bytes], `crash ${crashAt}`).toHaveLength(1);
      expect(published.map(({ id }) => id)).toContain('tech/2026-11-27T14');
      expect([...digests.records.keys()]).toEqual(['tech/2026-11-27T14']);
    }
  });

  it('an hour that cannot be made keeps none of the later ones from their readers, and comes again', async () => {
    const { ports, published, findings } = opened();
    const of = findings.of.bind(findings);
    findings.of = (portfolio, hour) =>
      hour === '2026-11-27T14' ? Promise.reject(new Error('unreadable')) : of(portfolio, hour);
    const first = await closeHours(ports, PORTFOLIO, at('15:10'));
    expect(first).toMatchObject({ made: [], failed: [new Error('unreadable')] });
    await closeHours(ports, PORTFOLIO, at('16:10'));
    const third = await closeHours(ports, PORTFOLIO, at('17:10'));
    expect(third.failed).toHaveLength(1);
    const hour = (id: string): string => `tech/2026-11-27T${id}`;
    expect(published.map(({ id }) => id)).toEqual([hour('15'), hour('16')]);
    findings.of = of;
    await closeHours(ports, PORTFOLIO, at('17:11'));
    await closeHours(ports, PORTFOLIO, at('17:12'));
    expect(published.map(({ id }) => id)).toEqual([hour('15'), hour('16'), hour('14')]);
  });

  it.each([['closeHours', closeHours] as const, ['closePlayed', closePlayed] as const])(
    'a mail that must wait keeps no digest from being stored, nor the next hour, and is sent later: %s',
    async (_, close) => {
      const { ports, digests, published } = opened();
      const { publish } = ports;
      ports.publish = () => Promise.reject(new Error('not mailed yet'));
      await close(ports, PORTFOLIO, at('15:10'));
      await close(ports, PORTFOLIO, at('16:10'));
      expect([...digests.records.keys()]).toEqual(['tech/2026-11-27T14', 'tech/2026-11-27T15']);
      ports.publish = publish;
      await close(ports, PORTFOLIO, at('16:11'));
      await close(ports, PORTFOLIO, at('16:12'));
      expect(published.map(({ id }) => id)).toEqual(['tech/2026-11-27T14', 'tech/2026-11-27T15']);
    },
  );

  it('a day that is played has its digests, whatever the clock has closed', async () => {
    const { ports, published } = opened();
    await closeHours(ports, PORTFOLIO, Date.parse('2026-12-24T10:10:00Z'));
    await recordFindings(ports, [finding({ id: 'a' })]);
    await closePlayed(ports, PORTFOLIO, at('15:10'));
    await closePlayed(ports, PORTFOLIO, at('15:10'));
    await recordFindings(ports, [finding({ id: 'late' }, at('15:30'))]);
    await closePlayed(ports, PORTFOLIO, at('16:10'));
    await closeHours(ports, PORTFOLIO, Date.parse('2026-12-24T11:10:00Z'));
    expect(published.map(({ id }) => id)).toEqual(
      ['2026-12-24T09', '2026-11-27T14', '2026-11-27T15', '2026-12-24T10'].map((hour) => `tech/${hour}`),
    );
    expect(published.map(ids)).toEqual([[], ['a'], [], []]);
    expect(published.map(({ late }) => late.map((each) => each.finding))).toEqual([[], [], ['late'], []]);
    // Played again from its beginning, each digest is there already.
    expect(await closePlayed(ports, PORTFOLIO, at('15:10'))).toEqual({ made: [], failed: [] });
  });

  it('knows the next hour, over midnight', () => {
    expect(nextHour('2026-11-27T23')).toBe('2026-11-28T00');
  });
});
