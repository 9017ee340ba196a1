import type { FailureKind } from '../failures/failure.ts';
import { costOf } from '../tasks/cost.ts';
import { isDeadLetter, type Task, type TerminalState } from '../tasks/task.ts';
import { command } from './commands.ts';
import type { Why } from './explanation.ts';

/** What to change before a retry, which would fail again otherwise. Of the other kinds, a retry may succeed as it is. */
const REMEDY: Readonly<Partial<Record<FailureKind, string>>> = {
  permanent: ' Retry it once that is mended; before, it fails again.',
  'invalid-output':
    " Its steps show the model's answers. Without another prompt, schema or tier, a retry may fail again.",
  'over-budget': ' A retry has the same budget. Raise it first, or submit the task anew with --budget-usd.',
};

/** How a task ended, what it cost, and what a person can do next. */
export function whyEnded(task: Task, state: TerminalState): Why {
  const { id, agent } = task;
  const { usd, tokens } = costOf(task);
  const lost = task.spend.lost.usd;
  const doubtful = lost > 0 ? `, of which $${lost.toFixed(4)} is the most that interrupted calls can have cost` : '';
  const cost = `It cost $${usd.toFixed(4)} (${tokens.toLocaleString('en-US')} tokens)${doubtful}.`;
  const since = state.finishedAt;
  const again = isDeadLetter(task) ? command('redrive', agent, id) : command('retry', id);
  switch (state.status) {
    case 'succeeded':
      return { since, says: `It succeeded. ${cost}`, commands: [command('task', id)] };
    case 'cancelled':
      return { cause: 'cancelled', since, says: `It was cancelled. ${cost}`, commands: [again] };
    case 'failed':
      return {
        cause: state.failure.kind,
        since,
        says: `It failed (${state.failure.kind}): ${state.failure.reason} ${cost}${REMEDY[state.failure.kind] ?? ''}`,
        commands: [command('logs', id, '--errors'), command('task', id, '--steps'), again],
      };
    case 'escalated':
      return {
        cause: 'escalated',
        since,
        freedBy: 'person',
        says: `It was handed to a person: ${state.reason} ${cost}`,
        commands: [command('escalations', 'list'), command('escalations', 'claim', id)],
      };
  }
}
