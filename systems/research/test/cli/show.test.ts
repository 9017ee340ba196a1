import { expect, test } from 'vitest';
import { progressOf } from '../../cli/show.ts';
import { agentView, runView } from './fake-api.ts';

const SCOUTS = 'research-scout';
const ANALYSTS = 'company-analyst';

test('each stage shows its items, rate, cost and time left', () => {
  const words = progressOf(10);
  expect(words(runView('r'), 0)).toBe('scouts 0/10');
  expect(words(runView('r', { agents: [agentView(SCOUTS, { running: 2 })] }), 1_000)).toBe('scouts 0/10');
  const later = [agentView(SCOUTS, { running: 2, succeeded: 4 }), agentView(ANALYSTS, { queued: 4 })];
  expect(words(runView('r', { agents: later }), 3_000)).toBe('scouts 4/10 2.0/s 3s left, analysts 0/10');
  const last = [
    agentView(SCOUTS, { succeeded: 9, failed: 1 }),
    agentView(ANALYSTS, { succeeded: 5, failed: 1, parked: 3 }, 0.25),
    agentView('research-strategist', { running: 2, succeeded: 1 }, 1.5),
  ];
  expect(words(runView('r', { agents: last }), 5_000)).toBe(
    'scouts 10/10, analysts 6/10 3.0/s $0.2500 1s left, strategists 1/3 $1.50',
  );
});

test('what earlier runs of the night had finished counts as done, and not for the rate', () => {
  const earlier = [runView('r0', { agents: [agentView(SCOUTS, { succeeded: 6, cancelled: 4 })] })];
  const words = progressOf(10, earlier);
  const scouts = (succeeded: number) =>
    runView('r', { agents: [agentView(SCOUTS, { running: 4 - succeeded, succeeded })] });
  expect(words(scouts(0), 0)).toBe('scouts 6/10');
  expect(words(scouts(2), 1_000)).toBe('scouts 8/10 2.0/s 1s left');
});

test('what had ended before the command attached is not part of the rate', () => {
  const words = progressOf(10);
  const scouts = (succeeded: number) => runView('r', { agents: [agentView(SCOUTS, { running: 1, succeeded })] });
  expect(words(scouts(6), 0)).toBe('scouts 6/10');
  expect(words(scouts(8), 1_000)).toBe('scouts 8/10 2.0/s 1s left');
});
