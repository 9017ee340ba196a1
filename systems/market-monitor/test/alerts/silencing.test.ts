import { describe, expect, it } from 'vitest';
import { sweep } from '../../alerts/act.ts';
import { raise } from '../../alerts/raise.ts';
import { SILENCED_MS } from '../../alerts/notifying.ts';
import { problemOfScope } from '../../alerts/silence-scope.ts';
import { endSilence, inOrder, makeSilence, MAX_SILENCES } from '../../alerts/silencing.ts';
import { silence } from './acts.ts';
import { HOUR, matchOf, memoryPorts, NOW } from './support.ts';

const asked = { portfolio: 'tech', cause: 'price-move', upTo: 'urgent', ms: HOUR, by: 'ada', why: 'known' } as const;
const always = () => true;
const ALERT = 'tech/cik:0000320193/price-move';

describe('a silence', () => {
  it('is kept with who made it and when, and has a short id', async () => {
    const ports = memoryPorts();
    const made = await makeSilence(ports, asked);
    expect(made).toMatchObject({ by: 'ada', why: 'known', madeAt: NOW, until: NOW + HOUR });
    expect(made?.id).toMatch(/^[0-9a-f]{8}$/);
  });

  it(`is one of at most ${MAX_SILENCES} in effect`, async () => {
    const ports = memoryPorts();
    for (let made = 0; made < MAX_SILENCES; made += 1) await makeSilence(ports, asked);
    expect(await makeSilence(ports, asked)).toBeNull();
    ports.time.now += HOUR;
    expect(await makeSilence(ports, asked)).not.toBeNull();
  });

  it('that a person ends is kept with who did it, and what it held back is sent by the next sweep', async () => {
    const ports = memoryPorts();
    const made = await makeSilence(ports, asked);
    await raise(ports, [matchOf()]);
    expect(ports.sent).toEqual([]);
    ports.time.now += 1_000;
    const ended = await endSilence(ports, { portfolio: 'tech', id: made?.id ?? '', by: 'ben' });
    expect(ended).toMatchObject({
      isNew: true,
      silence: { until: NOW + 1_000, by: 'ada', ended: { by: 'ben', at: NOW + 1_000, until: NOW + HOUR } },
    });
    await sweep(ports, always);
    expect(ports.sent.map(({ alert }) => alert)).toEqual([ALERT, ALERT]);
    const again = await endSilence(ports, { portfolio: 'tech', id: made?.id ?? '', by: 'eve' });
    expect(again).toMatchObject({ isNew: false, silence: { ended: { by: 'ben' } } });
  });

  it('A4 that ends while its commander dies, or while an alert is written, holds nothing back for long', async () => {
    let strikes = 0;
    const ports = memoryPorts((point) => {
      if (point === 'after end' && (strikes += 1) === 1) throw new Error('crash');
    });
    const made = await makeSilence(ports, asked);
    await raise(ports, [matchOf()]);
    await expect(endSilence(ports, { portfolio: 'tech', id: made?.id ?? '', by: 'ben' })).rejects.toThrow('crash');
    ports.time.now += SILENCED_MS;
    await sweep(ports, always);
    expect(ports.sent).toHaveLength(2);
  });

  it('is not ended in another portfolio, nor if there is none', async () => {
    const ports = memoryPorts();
    const made = await makeSilence(ports, asked);
    expect(await endSilence(ports, { portfolio: 'other', id: made?.id ?? '', by: 'ben' })).toBeNull();
    expect(await endSilence(ports, { portfolio: 'tech', id: 'none', by: 'ben' })).toBeNull();
    expect(ports.alerts.kept[0]).not.toHaveProperty('ended');
  });

  it('two persons end once', async () => {
    const ports = memoryPorts();
    const made = await makeSilence(ports, asked);
    const ends = ['ben', 'eve'].map((by) => endSilence(ports, { portfolio: 'tech', id: made?.id ?? '', by }));
    const done = await Promise.all(ends);
    expect(done.filter((each) => each?.isNew)).toHaveLength(1);
    expect(new Set(done.map((each) => each?.silence.ended?.by)).size).toBe(1);
  });

  it('is listed before one that lasts longer, and one that is over after both', () => {
    const [long, short] = [silence({ id: 'long' }), silence({ id: 'short', until: NOW + 1 })];
    const over = silence({ id: 'over', until: NOW });
    expect(inOrder([over, long, short], NOW).map(({ id }) => id)).toEqual(['short', 'long', 'over']);
  });
});

describe('what a silence is about', () => {
  const portfolio = {
    id: 'tech',
    holdings: [{ ticker: 'AAPL', cik: '0000320193', quantity: 1 }],
    watch: [],
    rules: [{ id: 'r', when: 'true', severity: 'warning' as const, cause: 'my-cause' }],
    disabledRules: [],
  };

  it.each([
    [{ subject: 'cik:0000320193', cause: 'my-cause' }, null],
    [{ cause: 'noisy-rule' }, null],
    [{ subject: 'market:XNYS' }, null],
    [{ subject: 'cik:0000000001' }, 'subject'],
    [{ cause: 'prise-move' }, 'cause'],
  ])('%j must be something that an alert of the portfolio can be about', (scope, field) => {
    expect(problemOfScope(portfolio, scope)?.field ?? null).toBe(field);
  });
});
