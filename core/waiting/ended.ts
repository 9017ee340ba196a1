import { costOf } from '../tasks/cost.ts';
import { isDeadLetter, type Task, type TerminalState } from '../tasks/task.ts';
import { command } from './commands.ts';
import type { Why } from './explanation.ts';

/** How a task ended, what it cost, and what a person can do next. */
export function whyEnded(task: Task, state: TerminalState): Why {
  const { id, agent } = task;
  const { usd, tokens } = costOf(task);
  const cost = `It cost $${usd.toFixed(4)} (${tokens.toLocaleString('en-US')} tokens).`;
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
        says: `It failed (${state.failure.kind}): ${state.failure.reason} ${cost}`,
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
