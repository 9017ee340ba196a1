import type { AgentCard } from '../../agents/agent-card.ts';
import type { Budget } from '../../budgets/budget.ts';
import { problemOf, type CallbackRules } from '../../callbacks/url.ts';
import type { AcceptPorts } from '../../tasks/accept.ts';
import type { Submission } from '../../tasks/submit.ts';
import { clientFieldsOf, type Task } from '../../tasks/task.ts';
import type { Caller } from '../http/caller.ts';
import { ApiProblem, type FieldError } from '../http/problem.ts';
import { deadlineTooSoon, MIN_ECONOMY_MS } from './economy.ts';
import type { TaskSubmission } from './messages.ts';

/**
 * Returns the task that a request describes. Throws `ApiProblem` if its budget, callback or deadline is invalid.
 * @param given what the request does not contain: `digest` identifies the request itself
 */
export function buildSubmission(
  { clock, callbackRules, homes }: Pick<AcceptPorts, 'clock' | 'homes'> & { readonly callbackRules: CallbackRules },
  caller: Caller,
  card: AgentCard,
  submission: TaskSubmission,
  { digest, ...given }: { digest: string } & Pick<Submission, 'idempotencyKey' | 'runId' | 'input' | 'inputAt'>,
): Submission {
  const now = clock.now();
  if (submission.durability === 'global' && !homes) throw oneRegion();
  return {
    tenant: caller.tenant,
    agent: card.name,
    agentVersion: card.version,
    priority: submission.priority,
    ...clientFieldsOf(submission),
    ...given,
    keyScope: 'tenant',
    budget: budgetOf(card, submission.budget),
    createdAt: now,
    deadline: deadlineOf(card, submission, now),
    callback: callbackOf(submission.callback, callbackRules),
    request: { id: digest, retry: 0 },
  };
}

const oneRegion = (): ApiProblem =>
  new ApiProblem('cannot-accept', 'durability: this fleet has one region.', [
    {
      field: 'durability',
      message: 'needs a fleet of several regions',
      remedy: 'Leave it out, or name three regions in the configuration (docs/global.md).',
    },
  ]);

/** A task may lower the limits of its agent's budget but not raise them. */
function budgetOf({ name, budget }: AgentCard, wanted: TaskSubmission['budget']): Budget {
  const errors = (['tokens', 'usd'] as const).flatMap((limit): FieldError[] =>
    (wanted?.[limit] ?? 0) > budget[limit]
      ? [
          {
            field: `budget.${limit}`,
            message: `must be at most ${budget[limit]}, the limit of the agent ${name}`,
            remedy: 'Lower it, or raise the budget in the agent’s definition.',
          },
        ]
      : [],
  );
  if (errors.length > 0) {
    const said = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new ApiProblem('cannot-accept', `The budget exceeds the agent’s budget: ${said}.`, errors);
  }
  return { tokens: wanted?.tokens ?? budget.tokens, usd: wanted?.usd ?? budget.usd };
}

function callbackOf(callback: Task['callback'], rules: CallbackRules): Task['callback'] {
  const problem = callback && problemOf(callback.url, rules);
  if (problem === null || problem === undefined) return callback;
  throw new ApiProblem('cannot-accept', `callback.url: ${problem}.`, [
    { field: 'callback.url', message: problem, remedy: 'Use a public https URL.' },
  ]);
}

/** The longest deadline that a caller can ask for, after the acceptance. */
export const MAX_DEADLINE_MS = 7 * 86_400_000;

function deadlineOf(
  card: AgentCard,
  { deadline: wanted, priority }: Pick<TaskSubmission, 'deadline' | 'priority'>,
  now: number,
): number {
  const shortest = priority === 'economy' ? MIN_ECONOMY_MS : 0;
  if (wanted === undefined) return now + Math.max(card.deadline * 1_000, shortest);
  const at = Date.parse(wanted);
  if (at > now && at < now + shortest) throw deadlineTooSoon();
  if (at > now && at <= now + MAX_DEADLINE_MS) return at;
  throw new ApiProblem('cannot-accept', 'The deadline must be within the next 7 days.', [
    {
      field: 'deadline',
      message: at > now ? 'must be at most 7 days away' : 'is in the past',
      remedy: 'Use a time within the next 7 days.',
    },
  ]);
}
