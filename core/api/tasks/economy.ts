import type { AgentCard } from '../../agents/agent-card.ts';
import type { TaskSubmission } from './messages.ts';
import { ApiProblem } from '../http/problem.ts';

/** A batch takes up to 24 hours. One hour more for the collector, and for the worker that processes the result. */
export const MIN_ECONOMY_MS = 25 * 3_600_000;

/** Whether an agent's tasks can run in batches: they make one model call, and their input is stored in the task. */
export const supportsEconomy = ({ tools, takesObject }: Pick<AgentCard, 'tools' | 'takesObject'>): boolean =>
  tools.length === 0 && !takesObject;

function whyNot(card: AgentCard): string | null {
  if (!supportsEconomy(card))
    return `the agent ${card.name} ${card.takesObject ? 'works on uploaded files' : 'uses tools'}`;
  return card.noEconomy ?? null;
}

/** Throws `ApiProblem` if a task cannot have the priority `economy`. */
export function checkEconomy(card: AgentCard, { sessionId }: Pick<TaskSubmission, 'sessionId'>): void {
  const why = whyNot(card);
  if (why !== null) {
    throw rejected('priority', `must not be economy, because ${why}`, 'Use the priority default or high.');
  }
  if (sessionId !== undefined) {
    throw rejected(
      'sessionId',
      'must not be combined with the priority economy, because tasks of a session wait for each other',
      'Remove the session, or use the priority default.',
    );
  }
}

export const deadlineTooSoon = (): ApiProblem =>
  rejected(
    'deadline',
    'must be at least 25 hours away for the priority economy, because a batch can take a day',
    'Use a later deadline or none, or the priority default.',
  );

const rejected = (field: string, message: string, remedy: string): ApiProblem =>
  new ApiProblem('cannot-accept', `${field}: ${message}.`, [{ field, message, remedy }]);
