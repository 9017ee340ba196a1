import { describe, expect, it, test } from 'vitest';
import { attentionAt, IDLE_MS, isUntold, markQueued, notify, OUTBOX_MS, type Alert } from '../../alerts/alert.ts';
import { INHIBITED_MS, QUIET_MS, RECOVERED_MS, SILENCED_MS } from '../../alerts/notifying.ts';
import {
  ack,
  type Act,
  after,
  analysis,
  at,
  halted,
  info,
  m,
  quiet,
  resumed,
  said,
  silenced,
  time,
  urgent,
  warning,
} from './acts.ts';
import { HOUR, matchOf, MINUTE, NOW } from './support.ts';

const fallen = { stands: false };
const unsaid = { stands: null };
const TEN = RECOVERED_MS;
const H = NOW + 4 * HOUR;
const LATER = NOW + INHIBITED_MS;
const ENDED = { by: 'ben', at: NOW, until: NOW + HOUR };
const CASES: readonly (readonly [string, readonly Act[], string])[] = [
  ['an urgent match notifies at once', [urgent('a')], 'first urgent 1'],
  ['a warning notifies', [warning('a')], 'first warning 1'],
  ['an info opens nothing', [info('a')], ''],
  ['the same match changes nothing', [urgent('a'), urgent('a')], 'first urgent 1'],
  ['the same severity again is counted', [urgent('a'), urgent('b'), urgent('c')], 'first urgent 1'],
  ['warnings again are counted', [warning('a'), warning('b')], 'first warning 1'],
  ['a louder match escalates', [warning('a'), urgent('b')], 'first warning 1, escalated urgent 1'],
  ['a quieter match after it does not', [urgent('a'), warning('b')], 'first urgent 1'],
  ['a quieter one never comes later', [urgent('a'), warning('b'), urgent('c')], 'first urgent 1'],
  ['a higher step escalates', [urgent('a', {}, 1), urgent('b', {}, 2)], 'first urgent 1, escalated urgent 2'],
  ['the same step does not', [urgent('a', {}, 2), urgent('b', {}, 2)], 'first urgent 2'],
  ['a lower step does not', [urgent('a', {}, 3), urgent('b', {}, 2)], 'first urgent 3'],
  ['a step that was left out is told', [urgent('a', {}, 1), urgent('b', {}, 4)], 'first urgent 1, escalated urgent 4'],
  ['no step is step 1', [urgent('a'), urgent('b', {}, 1)], 'first urgent 1'],
  ['severity counts before steps', [warning('a', {}, 9), urgent('b')], 'first warning 9, escalated urgent 1'],
  ['steps of a quieter severity do not', [urgent('a'), warning('b', {}, 9)], 'first urgent 1'],
  ['an info after it is not counted', [urgent('a'), info('b')], 'first urgent 1'],

  ['quiet hours hold warnings back', [warning('a', quiet)], ''],
  ['quiet hours do not hold urgent ones back', [urgent('a', quiet)], 'first urgent 1'],
  ['an urgent match after a held warning is the first', [warning('a', quiet), urgent('b', quiet)], 'first urgent 1'],
  ['a held warning is told by the next match', [warning('a', quiet), warning('b')], 'first warning 1'],
  ['a held warning is told when they end', [warning('a', quiet), time(NOW + HOUR)], 'first warning 1'],
  ['not while they last', [warning('a', quiet), time(NOW + HOUR, quiet)], ''],
  ['once', [warning('a', quiet), time(NOW + HOUR), time(NOW + 2 * HOUR)], 'first warning 1'],
  ['not if it ended in them', [warning('a', quiet), resumed('r'), time(NOW + HOUR)], ''],
  ['nor if its rule was stopped', [warning('a', quiet), time(NOW + HOUR, { ruleStopped: true })], ''],
  [
    'a step that they held back is told when they end',
    [warning('a'), warning('b', quiet, 2), time(NOW + HOUR)],
    'first warning 1, escalated warning 2',
  ],
  ['two held warnings', [warning('a', quiet), warning('b', quiet)], ''],
  ['a step of a warning in quiet hours is held', [warning('a'), warning('b', quiet, 2)], 'first warning 1'],

  ['a halt of the market inhibits', [urgent('a', halted)], ''],
  ['it inhibits escalation', [warning('a'), urgent('b', halted)], 'first warning 1'],
  ['after it the next match is told', [urgent('a', halted), urgent('b')], 'first urgent 1'],
  ['it does not inhibit a filing', [m({ cause: 'filing' }, halted)], 'first urgent 1'],
  ['it does not inhibit a halt of one instrument', [m({ cause: 'halt' }, halted)], 'first urgent 1'],
  ['it inhibits a loss', [m({ cause: 'position-loss' }, halted)], ''],
  ['what it held back is told when it is over', [urgent('a', halted), time(LATER)], 'first urgent 1'],
  ['once', [urgent('a', halted), time(LATER), time(LATER + INHIBITED_MS)], 'first urgent 1'],
  ['not while it goes on', [urgent('a', halted), time(LATER, halted)], ''],
  ['not while it does not stand', [urgent('a', halted), time(LATER, fallen)], ''],
  ['but when it stands again', [urgent('a', halted), time(LATER, fallen), time(LATER + TEN)], 'first urgent 1'],
  ['which is not looked at each minute', [urgent('a', halted), time(LATER, fallen), time(LATER + TEN - 1)], ''],
  ['unless there was no price', [urgent('a', halted), time(LATER, unsaid), time(LATER + MINUTE)], 'first urgent 1'],
  ['so is a step', [urgent('a', {}, 1), urgent('b', halted, 2), time(LATER)], 'first urgent 1, escalated urgent 2'],
  ['it does not inhibit itself', [m({ subject: 'market:XNYS', cause: 'circuit-breaker' }, halted)], 'first urgent 1'],
  ['it does not inhibit the economy', [m({ subject: 'macro:us.cpi', cause: 'macro' }, halted)], 'first urgent 1'],
  ['it does not inhibit a quiet stream', [m({ subject: 'source:bars', cause: 'stream' }, halted)], 'first urgent 1'],

  ['a silence of the portfolio', [urgent('a', silenced())], ''],
  ['a silence of the subject', [urgent('a', silenced({ subject: 'cik:0000320193' }))], ''],
  ['a silence of the cause', [urgent('a', silenced({ cause: 'price-move' }))], ''],
  ['a silence of another subject', [urgent('a', silenced({ subject: 'cik:0000000001' }))], 'first urgent 1'],
  ['a silence of another cause', [urgent('a', silenced({ cause: 'filing' }))], 'first urgent 1'],
  ['a silence of another portfolio', [urgent('a', silenced({ portfolio: 'bonds' }))], 'first urgent 1'],
  ['a silence that is over', [urgent('a', silenced({ until: NOW }))], 'first urgent 1'],
  ['a silence of warnings lets urgent ones pass', [urgent('a', silenced({ upTo: 'warning' }))], 'first urgent 1'],
  ['a silence of warnings holds warnings', [warning('a', silenced({ upTo: 'warning' }))], ''],
  ['silenced, then told when it is over', [urgent('a', silenced()), time(NOW + HOUR)], 'first urgent 1'],
  ['not told before it is over', [urgent('a', silenced()), time(NOW + HOUR - 1, silenced())], ''],
  ['a silence that a person ended', [urgent('a', silenced({ ended: ENDED }))], 'first urgent 1'],
  ['looked at while it lasts', [urgent('a', silenced()), time(NOW + SILENCED_MS, silenced())], ''],
  ['silenced again meanwhile', [urgent('a', silenced()), time(NOW + HOUR, silenced({ until: H }))], ''],
  [
    'a step silenced, then told',
    [urgent('a'), urgent('b', silenced(), 2), time(NOW + HOUR)],
    'first urgent 1, escalated urgent 2',
  ],

  ['an urgent one is repeated after four hours', [urgent('a'), time(H)], 'first urgent 1, repeated urgent 1'],
  ['not if the portfolio has no time for it', [urgent('a', { repeatAfterMs: 0 }), time(H)], 'first urgent 1'],
  ['not a millisecond before', [urgent('a'), time(H - 1)], 'first urgent 1'],
  [
    'and again after four more',
    [urgent('a'), time(H), time(H + 4 * HOUR)],
    'first urgent 1, repeated urgent 1, repeated urgent 1',
  ],
  ['not twice at once', [urgent('a'), time(H), time(H)], 'first urgent 1, repeated urgent 1'],
  ['a warning is not repeated', [warning('a'), time(H)], 'first warning 1'],
  ['acknowledged is not repeated', [urgent('a'), ack('ada'), time(H)], 'first urgent 1, acknowledged urgent 1'],
  ['silenced is not repeated', [urgent('a'), time(H, silenced({ until: H + 1 }))], 'first urgent 1'],
  ['inhibited is not repeated', [urgent('a'), time(H, halted)], 'first urgent 1'],
  ['quiet hours do not hold a repetition back', [urgent('a'), time(H, quiet)], 'first urgent 1, repeated urgent 1'],
  [
    'what does not stand after a halt keeps no reminder back',
    [urgent('a'), urgent('b', halted, 2), time(LATER, fallen), time(H - 1, fallen), time(H, fallen)],
    'first urgent 1, repeated urgent 1',
  ],
  [
    'nor is it told by one that comes early',
    [urgent('a'), urgent('b', halted, 2), time(H - 1, fallen), time(H, fallen)],
    'first urgent 1, repeated urgent 1',
  ],
  [
    'but when it stands again after the reminder',
    [urgent('a'), urgent('b', halted, 2), time(H, fallen), time(H + TEN)],
    'first urgent 1, repeated urgent 1, escalated urgent 2',
  ],
  [
    'what stands after four hours is told, with no reminder',
    [urgent('a'), urgent('b', halted, 2), time(H), time(H + INHIBITED_MS)],
    'first urgent 1, escalated urgent 2',
  ],
  [
    'what a stopped rule made worse is not told by a reminder',
    [urgent('a'), urgent('b', { ruleStopped: true }, 2), time(H)],
    'first urgent 1, repeated urgent 1',
  ],
  [
    'nor by an analysis, an acknowledgement or the end',
    [warning('a'), urgent('b', halted, 2), analysis('t'), ack('ada'), resumed('r')],
    'first warning 1, analysis warning 1, acknowledged warning 1, resolved warning 1',
  ],
  ['what nobody knows is not repeated', [urgent('a', halted), time(H, halted)], ''],

  ['acknowledged twice counts once', [urgent('a'), ack('ada'), ack('bob')], 'first urgent 1, acknowledged urgent 1'],
  ['after it the same is counted', [urgent('a'), ack('ada'), urgent('b')], 'first urgent 1, acknowledged urgent 1'],
  [
    'after it a louder one escalates',
    [warning('a'), ack('ada'), urgent('b')],
    'first warning 1, acknowledged warning 1, escalated urgent 1',
  ],
  [
    'and is repeated',
    [warning('a'), ack('ada'), urgent('b'), time(H)],
    'first warning 1, acknowledged warning 1, escalated urgent 1, repeated urgent 1',
  ],
  ['what nobody knows is acknowledged in silence', [urgent('a', halted), ack('ada')], ''],

  ['an analysis follows', [urgent('a'), analysis('t')], 'first urgent 1, analysis urgent 1'],
  ['the same analysis once', [urgent('a'), analysis('t'), analysis('t')], 'first urgent 1, analysis urgent 1'],
  ['two analyses', [urgent('a'), analysis('t'), analysis('u')], 'first urgent 1, analysis urgent 1, analysis urgent 1'],
  ['a superseded one is kept, not sent', [urgent('a'), analysis('t', null)], 'first urgent 1'],
  ['of what nobody knows: kept, not sent', [warning('a', quiet), analysis('t')], ''],
  ['after the end: kept, not sent', [urgent('a'), resumed('r'), analysis('t')], 'first urgent 1, resolved urgent 1'],

  ['trading resumes', [urgent('a'), resumed('r')], 'first urgent 1, resolved urgent 1'],
  ['it resumes once', [urgent('a'), resumed('r'), resumed('s')], 'first urgent 1, resolved urgent 1'],
  ['what nobody knew ends in silence', [urgent('a', halted), resumed('r')], ''],
  ['nothing to resume', [resumed('r')], ''],
  [
    'a new halt is a new episode',
    [at('a', '2026-11-27T15:00:00Z'), resumed('r'), at('b', '2026-11-27T15:30:00Z')],
    'first urgent 1, resolved urgent 1, first urgent 1',
  ],
  [
    'a late event of what has ended is counted',
    [at('a', '2026-11-27T15:00:00Z'), resumed('r'), at('b', '2026-11-27T15:05:00Z')],
    'first urgent 1, resolved urgent 1',
  ],
  [
    'an end that is older than the last event is none',
    [at('a', '2026-11-27T15:30:00Z'), resumed('r')],
    'first urgent 1',
  ],
  [
    'an old match after the end changes nothing',
    [urgent('a'), resumed('r'), urgent('a')],
    'first urgent 1, resolved urgent 1',
  ],
  [
    'idle for a day',
    [urgent('a'), ack('ada'), time(NOW + IDLE_MS)],
    'first urgent 1, acknowledged urgent 1, resolved urgent 1',
  ],
  ['not before', [warning('a'), time(NOW + IDLE_MS - 1)], 'first warning 1'],
  [
    'after it a match opens it again',
    [warning('a'), time(NOW + IDLE_MS), warning('b')],
    'first warning 1, resolved warning 1, first warning 1',
  ],
  [
    'time changes nothing of what has ended',
    [urgent('a'), resumed('r'), time(NOW + 2 * IDLE_MS)],
    'first urgent 1, resolved urgent 1',
  ],

  ['a stopped rule opens nothing', [urgent('a', { ruleStopped: true })], ''],
  [
    'it makes nothing worse for people, and another rule does',
    [warning('a'), urgent('b', { ruleStopped: true }), urgent('c')],
    'first warning 1, escalated urgent 1',
  ],
  ['nor by itself', [warning('a'), urgent('b', { ruleStopped: true })], 'first warning 1'],
  [
    'it opens no further episode',
    [urgent('a'), resumed('r'), at('b', '2026-11-27T16:00:00Z'), m({ id: 'c' }, { ruleStopped: true })],
    'first urgent 1, resolved urgent 1, first urgent 1',
  ],
];

test.each(CASES)('%s', (_, acts, expected) => {
  expect(said(after(acts))).toBe(expected);
});

describe('an alert', () => {
  it('counts matches, money and events of its episode', () => {
    const alert = after([
      m({ id: 'a', atStakeUsd: 5 }),
      m({ id: 'b', atStakeUsd: 9 }),
      m({ id: 'c', severity: 'warning', atStakeUsd: 2, title: 'quieter' }),
    ]);
    expect(alert).toMatchObject({ matches: 3, atStakeUsd: 9, severity: 'urgent', episode: 1, version: 3 });
    expect(alert?.events).toHaveLength(3);
    expect(alert?.title).toBe(matchOf().title);
  });

  it('A1 counts the same match once, also in a later episode', () => {
    expect(after([urgent('a'), urgent('b'), urgent('a')])).toMatchObject({ matches: 2, version: 2 });
    const idle = [urgent('a'), time(NOW + IDLE_MS)];
    expect(after([...idle, urgent('a')])).toMatchObject({ state: 'resolved', episode: 1 });
    expect(after([...idle, urgent('b')])).toMatchObject({ state: 'open', episode: 2 });
  });

  it('forgets of the last episode what does not concern the next one', () => {
    const alert = after([urgent('a'), ack('ada'), analysis('t'), resumed('r'), at('b', '2026-11-27T15:30:00Z')]);
    expect(alert).toMatchObject({ state: 'open', episode: 2, matches: 1, analyses: [] });
    expect(alert).not.toHaveProperty('acknowledged');
    expect(alert).not.toHaveProperty('resolved');
    expect(alert?.recent).toEqual(['a', 'r', 'b']);
  });

  it('gives each notification an id of its own, without full stops', () => {
    const alert = after([m({ subject: 'macro:us.cpi' }), m({ id: 'b', subject: 'macro:us.cpi', step: 2 })]);
    const ids = (alert?.notifications ?? []).map(({ id }) => id);
    expect(ids).toEqual(['tech/macro_3aus_2ecpi/price-move/1/1', 'tech/macro_3aus_2ecpi/price-move/1/2']);
  });

  it('says why people were not notified', () => {
    expect(after([urgent('a', halted)])?.held).toEqual({
      why: 'inhibited',
      at: NOW,
      by: halted.inhibitedBy,
      until: NOW + INHIBITED_MS,
    });
    expect(after([warning('a', quiet)])?.held).toEqual({ why: 'quiet-hours', at: NOW, until: NOW + QUIET_MS });
    const soonOver = { quietUntil: NOW + MINUTE };
    expect(after([warning('a', soonOver)])?.held).toMatchObject({ until: NOW + MINUTE });
    const soon = { why: 'silence', at: NOW, until: NOW + SILENCED_MS };
    expect(after([urgent('a', silenced())])?.held).toEqual(soon);
    const short = silenced({ until: NOW + MINUTE });
    expect(after([urgent('a', short)])?.held).toEqual({ ...soon, until: NOW + MINUTE });
    expect(after([urgent('a', silenced()), urgent('b')])).not.toHaveProperty('held');
  });

  it('asks for attention: outbox, repetition, silence, idleness', () => {
    const queue = (alert: Alert): Alert => markQueued(alert, new Set(alert.notifications.map(({ id }) => id))) ?? alert;
    const open = after([urgent('a')]);
    if (open === null) throw new Error('no alert');
    expect(attentionAt(open)).toBe(NOW + OUTBOX_MS);
    expect(attentionAt(queue(open))).toBe(NOW + 4 * HOUR);
    expect(attentionAt(queue(after([urgent('a'), ack('ada')]) ?? open))).toBe(NOW + IDLE_MS);
    expect(attentionAt(after([warning('a', silenced())]) ?? open)).toBe(NOW + SILENCED_MS);
    expect(attentionAt(queue(after([urgent('a'), resumed('r')]) ?? open))).toBeNull();
    expect(markQueued(queue(open), new Set(['x']))).toBeNull();
  });

  it('cannot notify of nothing', () => {
    const alert = after([urgent('a')]);
    if (alert === null) throw new Error('no alert');
    expect(() => notify({ ...alert, events: [] }, 'first', NOW)).toThrow('has no event');
    expect(isUntold(alert)).toBe(false);
  });

  it('A4 a reminder has the title and rule of the step that people know, also of an earlier release as well as it can', () => {
    const held = after([urgent('a'), m({ id: 'b', step: 2, title: 'louder', rule: 'other' }, halted)]);
    const reminded = (alert: Alert | null) => time(H, fallen)(alert)?.notifications.at(-1);
    expect(reminded(held)).toMatchObject({ why: 'repeated', step: 1, title: matchOf().title, rule: 'fast-move' });
    const { title: _title, rule: _rule, ...told } = held?.told ?? {};
    const old = { ...held, told } as Alert;
    expect(reminded(old)).toMatchObject({ why: 'repeated', step: 1, title: 'louder' });
    expect(time(H, fallen)(held)?.version).toBe((held?.version ?? 0) + 1);
  });
});
