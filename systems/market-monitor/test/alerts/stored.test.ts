import { expect, it, test } from 'vitest';
import { parseRecord } from '#core/stored/record.ts';
import { planted, plantsIn } from '#test/core/stored/planted.ts';
import { alertSchema, markQueued, type Alert } from '../../alerts/alert.ts';
import { decide } from '../../alerts/decide.ts';
import { acknowledge, addAnalysis, tick } from '../../alerts/transitions.ts';
import { contextOf, eventAt, HOUR, matchOf, NOW } from './support.ts';

/** An alert with all that an alert can have, and a further field in every object. */
function full(): Alert {
  const first = decide(null, matchOf(), contextOf());
  const analysed = first && addAnalysis(first, { task: 't', agent: 'a', summary: 's' }, NOW);
  const held = analysed && decide(analysed, matchOf({ id: 'b', step: 2 }), contextOf({ silences: [SILENCE] }));
  if (!held) throw new Error('no alert');
  return planted(held);
}
const SILENCE = { id: 's', portfolio: 'tech', upTo: 'urgent', until: NOW + HOUR, by: 'ada', why: 'w' } as const;
const ALWAYS = ['record', 'record.events.0', 'record.notifications.0', 'record.notifications.0.event'];

test.each<[string, (alert: Alert) => Alert | null, readonly string[]]>([
  [
    'a match',
    (alert) => decide(alert, matchOf({ id: 'c' }), contextOf()),
    [...ALWAYS, 'record.told', 'record.analyses.0'],
  ],
  ['an acknowledgement', (alert) => acknowledge(alert, 'ada', NOW), [...ALWAYS, 'record.told', 'record.held']],
  [
    'an analysis',
    (alert) => addAnalysis(alert, { task: 'u', agent: 'a', summary: 's' }, NOW),
    [...ALWAYS, 'record.analyses.0'],
  ],
  ['queueing', (alert) => markQueued(alert, new Set(alert.notifications.map(({ id }) => id))), ALWAYS],
  ['the end of a silence', (alert) => tick(alert, contextOf({ now: NOW + HOUR })), [...ALWAYS, 'record.told']],
  [
    'an end',
    (alert) => decide(alert, matchOf({ id: 'r', resolves: true, event: eventAt('2026-11-27T16:00:00Z') }), contextOf()),
    ALWAYS,
  ],
])('R1 %s keeps what a newer release wrote', (_, transition, paths) => {
  const after = transition(full());
  expect(plantsIn(after)).toEqual(expect.arrayContaining([...paths]));
  expect(parseRecord(alertSchema, after, 'The alert')).toEqual(after);
});

it('R1 so does the next episode', () => {
  const resolved = decide(
    full(),
    matchOf({ id: 'r', resolves: true, event: eventAt('2026-11-27T16:00:00Z') }),
    contextOf(),
  );
  const next = decide(resolved, matchOf({ id: 'n', event: eventAt('2026-11-27T17:00:00Z') }), contextOf());
  expect(next?.episode).toBe(2);
  expect(plantsIn(next)).toContain('record');
});
