import { describe, expect, it } from 'vitest';
import { markQueued, unqueued } from '../../alerts/alert.ts';
import { addAnalysis } from '../../alerts/transitions.ts';
import { type Act, after, urgent } from './acts.ts';
import { NOW } from './support.ts';

describe('an alert', () => {
  it('remembers a bounded number of matches, events and notifications', () => {
    const acts = Array.from({ length: 200 }, (_, index) => urgent(`m${index}`, {}, index));
    const queueing: Act = (alert) => alert && markQueued(alert, new Set(unqueued(alert).map(({ id }) => id)));
    const alert = after(acts.flatMap((act) => [act, queueing]));
    expect(alert?.recent).toHaveLength(50);
    expect(alert?.events).toHaveLength(20);
    expect(alert?.notifications).toHaveLength(20);
    expect(alert?.notified).toBe(200);
  });

  it('keeps the page of an alert however many analyses follow: its recipient may be down for hours', () => {
    let alert = after([urgent('a')]);
    for (let index = 0; index < 60; index += 1) {
      alert = alert && addAnalysis(alert, { task: `t${index}`, agent: 'a', summary: `s${index}` }, NOW);
      alert = alert && (markQueued(alert, new Set(unqueued(alert).map(({ id }) => id))) ?? alert);
    }
    expect(alert?.notifications.filter(({ why }) => why === 'first')).toHaveLength(1);
    expect(alert?.notifications).toHaveLength(21);
  });

  it('keeps every notification that is not queued', () => {
    const alert = after(Array.from({ length: 60 }, (_, index) => urgent(`m${index}`, {}, index + 1)));
    expect(alert?.notifications).toHaveLength(60);
  });
});
