import { describe, expect, it, test } from 'vitest';
import { ACME, bar, day, event, portfolio, urgent, watchers } from '../router/day.ts';

const calm = bar(0, { open: 100, close: 100 });

describe('urgent: a move within five minutes', () => {
  test.each([
    [95.01, []],
    [95, ['fast-move']],
    [94.99, ['fast-move']],
    [104.99, []],
    [105, ['fast-move']],
  ])('to %d from 100', (close, rules) => {
    expect(urgent([calm, bar(5, { open: 100, close })])).toEqual(rules);
  });

  it('counts from the close before, and not from earlier', () => {
    expect(urgent([calm, bar(5, { open: 97, close: 95 })])).toEqual(['fast-move']);
    expect(urgent([calm, bar(5, { open: 97, close: 97 }), bar(10, { open: 97, close: 94.8 })])).toEqual([]);
  });

  it('counts over short bars', () => {
    const closes = [100, 99, 98, 97, 96, 95];
    const bars = closes.map((close, index) => bar(index, { close, seconds: 60 }));
    expect(urgent(bars)).toEqual(['fast-move']);
    expect(urgent(closes.map((close, index) => bar(index * 2, { close, seconds: 60 })))).toEqual([]);
  });

  it('does not count a gap over a night, and counts a jump after minutes without trading', () => {
    expect(urgent([bar(0, { open: 94, close: 94 })])).toEqual([]);
    expect(urgent([calm, bar(24 * 60, { open: 94, close: 94 })])).toEqual([]);
    expect(urgent([calm, bar(30, { open: 94, close: 94 })])).toEqual(['fast-move']);
  });

  it('counts from opens of the five minutes', () => {
    const short = [
      bar(0, { close: 100, seconds: 60 }),
      bar(1, { open: 103, close: 100, seconds: 60 }),
      bar(2, { close: 97.8, seconds: 60 }),
    ];
    expect(urgent(short)).toEqual(['fast-move']);
  });

  it('does not count a wick', () => {
    expect(urgent([calm, bar(5, { open: 100, close: 99.5, low: 93 })])).toEqual([]);
  });

  it('is told again at each further 5 points only, and names the step', () => {
    const { matches } = day([
      calm,
      bar(5, { open: 100, close: 94 }),
      bar(10, { open: 94, close: 90 }),
      bar(15, { open: 90, close: 80.5 }),
    ]);
    const fast = matches.filter(({ rule }) => rule === 'fast-move');
    expect(fast.map(({ step }) => step)).toEqual([5, 10]);
  });
});

describe('urgent: a move since the previous close', () => {
  test.each([
    [92.01, []],
    [92, ['day-move']],
    [108, ['day-move']],
    [107.99, []],
  ])('to %d from 100', (close, rules) => {
    expect(urgent([bar(0, { close })])).toEqual(rules);
  });

  it('meets a threshold that arithmetic would miss', () => {
    expect(urgent([bar(0, { close: 184, previousClose: 200 })])).toEqual(['day-move']);
  });

  it('is told again at 13 and 18 points', () => {
    const closes = [92, 91, 88, 87, 86, 90, 86, 82, 81];
    const { matches } = day(closes.map((close, index) => bar(index * 5, { close })));
    expect(matches.filter(({ rule }) => rule === 'day-move').map(({ step }) => step)).toEqual([8, 13, 18]);
  });

  it('is told in the next session again, and the session before ends its alert first', () => {
    const { matches } = day([bar(0, { close: 91 }), bar(24 * 60, { close: 82, previousClose: 91 })]);
    expect(matches.map(({ rule, resolves = false }) => [rule, resolves])).toEqual([
      ['day-move', false],
      ['next-session', true],
      ['day-move', false],
    ]);
    expect(matches[1]?.event.time).toBe('2026-11-30T14:30:00.000Z');
  });

  it('is told once around midnight, if trading goes on', () => {
    const midnight = 14.5 * 60;
    const closes = [95, 91, 91, 90.5, 91, 91];
    expect(urgent(closes.map((close, index) => bar(midnight - 10 + index * 5, { close })))).toEqual(['day-move']);
  });

  it('names the furthest step of one event first', () => {
    const { matches } = day([calm, bar(5, { open: 100, close: 91 })]);
    expect(matches.map(({ rule, step }) => [rule, step])).toEqual([
      ['day-move', 8],
      ['fast-move', 5],
    ]);
  });
});

describe('urgent: a halt', () => {
  const status = (data: object, more = {}) =>
    event('market.trading-status.v1', { status: 'halted', reason: 'regulatory', ...data }, more);
  test.each([
    ['luld', []],
    ['news-pending', ['halt']],
    ['regulatory', ['halt']],
    ['circuit-breaker', []],
  ] as const)('for %s', (reason, rules) => {
    expect(urgent([status({ reason })])).toEqual(rules);
  });

  it('is told once, also when it is repeated, and again after trading resumed', () => {
    const resumed = status({ status: 'resumed' }, { minutes: 2 });
    expect(urgent([status({}), status({}, { minutes: 1 }), resumed, status({}, { minutes: 3 })])).toEqual([
      'halt',
      'halt',
    ]);
    const { matches } = day([status({}), resumed]);
    expect(matches.at(-1)).toMatchObject({ cause: 'halt', resolves: true });
  });

  it('is told when a pause becomes a halt', () => {
    expect(urgent([status({ reason: 'luld' }), status({ reason: 'news-pending' }, { minutes: 1 })])).toEqual(['halt']);
  });

  it('does not return with a late event', () => {
    const late = status({}, { minutes: 1, late: true });
    expect(urgent([status({}, { minutes: 2 }), status({ status: 'resumed' }, { minutes: 3 }), late])).toEqual(['halt']);
  });
});

describe('urgent: a circuit breaker', () => {
  const breaker = (data: object, minutes = 0) =>
    event(
      'market.trading-status.v1',
      { status: 'halted', reason: 'circuit-breaker', level: 1, ...data },
      { subject: 'market:XNYS', minutes },
    );

  it('reaches every portfolio once, and each higher level again', () => {
    const both = watchers(portfolio(), portfolio({ id: 'other', holdings: [] }));
    const { matches } = day([breaker({}), breaker({}, 1), breaker({ level: 2 }, 2)], both);
    expect(matches.map(({ portfolio: name, step = 1 }) => [name, step])).toEqual([
      ['core', 1],
      ['other', 1],
      ['core', 2],
      ['other', 2],
    ]);
  });

  it('ends when trading resumes', () => {
    const { matches } = day([breaker({}), breaker({ status: 'resumed' }, 15)]);
    expect(matches.at(-1)).toMatchObject({ cause: 'circuit-breaker', resolves: true, subject: 'market:XNYS' });
  });

  it('is not urgent if an exchange has a halt of its own', () => {
    expect(urgent([breaker({ reason: 'regulatory' })])).toEqual([]);
  });
});

describe('urgent: an 8-K', () => {
  const filing = (form: string, items: string[], number = 1, minutes = 0) =>
    event(
      'market.filing.v1',
      { form, items, accessionNumber: `0000000001-26-00000${number}`, text: '', url: 'https://example.com/' },
      { minutes },
    );
  test.each([
    ['8-K', ['1.03'], true],
    ['8-K', ['1.05'], true],
    ['8-K', ['3.01'], true],
    ['8-K', ['4.02'], true],
    ['8-K', ['2.02'], false],
    ['8-K', ['4.01', '9.01'], false],
    ['8-K', ['2.02', '4.02'], true],
    ['8-K', [], false],
    ['10-K', ['1.03'], false],
    ['8-K12B', ['1.03'], false],
    ['8-K/A', ['1.03'], true],
  ])('%s with items %j: %s', (form, items, isUrgent) => {
    expect(urgent([filing(form, items)])).toEqual(isUrgent ? ['urgent-filing'] : []);
  });

  it('is told once for all copies of a filing', () => {
    expect(urgent([filing('8-K', ['1.03']), filing('8-K', ['1.03']), filing('8-K', ['1.03'])])).toHaveLength(1);
  });

  it('is not told again for its amendment, unless that adds an urgent item', () => {
    expect(urgent([filing('8-K', ['1.03']), filing('8-K/A', ['1.03', '9.01'], 2, 60)])).toHaveLength(1);
    expect(urgent([filing('8-K', ['1.03']), filing('8-K/A', ['1.03'], 1, 60)])).toHaveLength(1);
    expect(urgent([filing('8-K', ['1.03']), filing('8-K/A', ['1.03', '4.02'], 2, 60)])).toHaveLength(2);
  });

  it('is a further step if it is another filing', () => {
    const { matches } = day([filing('8-K', ['1.03']), filing('8-K', ['4.02'], 2, 10)]);
    expect(matches.map(({ step = 1 }) => step)).toEqual([1, 2]);
  });
});

describe('urgent: a loss of a position', () => {
  const limited = watchers(portfolio({ limits: { maxPositionLossUsd: 3_000 } }));
  const losses = (...closes: number[]) =>
    urgent(
      closes.map((close, index) => bar(index * 10, { close })),
      limited,
    );
  test.each([
    [[97.01], []],
    [[97], []],
    [[96.99], ['position-loss']],
    [[96.99, 96.5, 97.5, 96.9], ['position-loss']],
    [[103.5], []],
  ])('at closes %j', (closes, rules) => {
    expect(losses(...closes)).toEqual(rules);
  });

  it('is a rise for shares that are sold short', () => {
    const short = watchers(
      portfolio({
        holdings: [{ ticker: 'ACME', cik: '0000000001', quantity: -1_000 }],
        limits: { maxPositionLossUsd: 3_000 },
      }),
    );
    expect(urgent([bar(0, { close: 99 }), bar(10, { close: 103.01 }), bar(20, { close: 104 })], short)).toEqual([
      'position-loss',
    ]);
  });

  it('does not exist without a limit or a holding', () => {
    expect(urgent([bar(0, { close: 96 })])).toEqual([]);
    const watching = watchers(
      portfolio({ holdings: [], watch: [{ ticker: 'ACME', cik: '0000000001' }], limits: { maxPositionLossUsd: 1 } }),
    );
    expect(urgent([bar(0, { close: 96 })], watching)).toEqual([]);
  });
});

describe('a portfolio', () => {
  it('hears of instruments on its watch list, and of no others', () => {
    const watching = watchers(portfolio({ holdings: [], watch: [{ ticker: 'ACME', cik: '0000000001' }] }));
    expect(urgent([bar(0, { close: 91 })], watching)).toEqual(['day-move']);
    expect(urgent([bar(0, { close: 91 })], watchers(portfolio({ holdings: [] })))).toEqual([]);
  });

  it('reads figures in the title, and what is at stake', () => {
    const { matches } = day([bar(0, { close: 91.6 })]);
    expect(matches[0]).toMatchObject({
      title: 'ACME is unchanged within five minutes and fell 8.4 % since the previous close, to 91.60.',
      atStakeUsd: 8400,
      subject: ACME,
      ticker: 'ACME',
      rulesVersion: 1,
      agent: 'price-move',
    });
  });
});
