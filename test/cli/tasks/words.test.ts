import { expect, it } from 'vitest';
import { taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { causeWords, stateWords } from '#cli/tasks/words.ts';

const waiting = (waitsFor: TaskView['waitsFor']): string => stateWords({ status: 'parked', waitsFor } as TaskView);
const until = '2026-11-28T12:00:00.000Z';

it.each([
  [{ cause: 'paused', until }, 'waits: its paused pool'],
  [
    { cause: 'yielded', detail: 'agent-version', until },
    'waits: a worker with its version of the agent, which a deploy brings',
  ],
  // From a newer API. The command line parses it and shows it as it is.
  [{ cause: 'full-moon', until }, 'waits: full-moon'],
  [{ cause: 'yielded', detail: 'full-moon', until }, 'waits: full-moon'],
])('%j', (waitsFor, words) => {
  expect(waiting(taskViewSchema.shape.waitsFor.parse(waitsFor))).toBe(words);
});

it('a count by an unknown cause is shown as it is', () => {
  expect(causeWords('full-moon')).toBe('full-moon');
});
