import type { AgentCard } from '../../agents/agent-card.ts';
import type { TaskSubmission } from './messages.ts';
import { ApiProblem } from '../http/problem.ts';

/** A batch is answered within 24 hours; an hour more for its collector, and for the worker that takes up the answer. */
export const MIN_ECONOMY_MS = 25 * 3_600_000;

/** Whether an agent's tasks can go into batches: one model call of what the fleet holds itself. */
export const supportsEconomy = ({ tools, takesObject }: Pick<AgentCard, 'tools' | 'takesObject'>): boolean =>
  tools.length === 0 && !takesObject;

/** Throws `ApiProblem` where a task cannot wait for a batch. */
export function checkEconomy(card: AgentCard, { sessionId }: Pick<TaskSubmission, 'sessionId'>): void {
  if (!supportsEconomy(card)) {
    const why = card.takesObject ? 'works on uploaded files' : 'uses tools';
    throw refused('priority', `cannot be economy: the agent ${card.name} ${why}`, 'Give default or high instead.');
  }
  if (sessionId !== undefined) {
    throw refused(
      'sessionId',
      'cannot go with the priority economy: the tasks of a session wait for each other',
      'Leave out the session, or give the priority default.',
    );
  }
}

export const deadlineTooSoon = (): ApiProblem =>
  refused(
    'deadline',
    'is less than 25 hours away, and a task of the priority economy may take a day',
    'Give a later one or none, or the priority default.',
  );

const refused = (field: string, message: string, remedy: string): ApiProblem =>
  new ApiProblem('cannot-accept', `${field}: ${message}.`, [{ field, message, remedy }]);
