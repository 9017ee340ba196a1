import { cancelTask, type CancelPorts } from '#core/api/tasks/cancel-task.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { isTerminal } from '#core/tasks/task.ts';
import { concludeCheckRun } from '../github/check-run.ts';
import { GithubClient } from '../github/client.ts';
import { accessTo } from './audited-access.ts';
import { hasMoney, type Claim, type Execution, type Held, type Replaced } from './claim.ts';
import type { PullRequest } from './order.ts';
import type { ReviewPorts } from './ports.ts';
import { costsOf, giveBack, type MoneyPorts } from './hold-money.ts';

/** What settling the money of a claim uses. */
export type SettlePorts = MoneyPorts & CancelPorts & Pick<ReviewPorts, 'claims'>;

interface NewClaim {
  readonly head: string | null;
  readonly base: string | null;
  readonly state: Claim['state'];
}

/**
 * The claim that follows another one. What the other left open comes with it, so that nothing is forgotten, and so do fields
 * of a newer release (R1).
 */
export function nextClaim(before: Claim | null, execution: Execution, wanted: NewClaim, now: number): Claim {
  const { name, arn } = execution;
  return {
    ...before,
    version: (before?.version ?? 0) + 1,
    execution: name,
    arn,
    ...wanted,
    since: now,
    posts: 0,
    checkRun: undefined,
    held: undefined,
    unsettled: before === null ? [] : moneyOf(before),
    replaces: before === null ? [] : leftOpenBy(before),
  };
}

const moneyOf = ({ held, unsettled }: Claim): Held[] => (held ? [...unsettled, held] : unsettled);

/** The executions that are still to be stopped, with the claim's own if it has not ended. */
function leftOpenBy({ state, arn, held, checkRun, replaces }: Claim): Replaced[] {
  if (state !== 'running') return replaces;
  return [...replaces, { arn, ...(held && { taskId: held.taskId }), ...(checkRun && { checkRun }) }];
}

/** Writes a change of one's own claim. Null when another execution has claimed the pull request since. */
export async function updateClaim(
  { claims }: Pick<ReviewPorts, 'claims'>,
  pull: PullRequest,
  claim: Claim,
  change: Partial<Claim>,
): Promise<Claim | null> {
  const next = { ...claim, ...change, version: claim.version + 1 };
  return (await claims.replace(pull, next)) === 'replaced' ? next : null;
}

/**
 * Stops the executions that a claim replaces, with their tasks and check runs, and settles what has ended. Every step can
 * be repeated. Null when another execution has claimed the pull request meanwhile, which does the rest.
 */
export async function stopReplaced(ports: ReviewPorts, pull: PullRequest, claim: Claim): Promise<Claim | null> {
  if (claim.replaces.length === 0 && claim.unsettled.length === 0) return claim;
  for (const { arn, taskId, checkRun } of claim.replaces) {
    await ports.executions.stop(arn, 'The pull request has changed.');
    if (taskId !== undefined) await cancelById(ports, taskId);
    if (checkRun === undefined) continue;
    const task = taskId === undefined ? null : taskIdSchema.parse(taskId);
    await cancelCheckRun(new GithubClient(await accessTo(ports, pull, task)), pull, checkRun);
  }
  return settled(ports, pull, claim, { replaces: [] });
}

/**
 * Writes a change of one's own claim, and gives back the money of reviews before that have ended. Null when another
 * execution has claimed the pull request since: it will give it back.
 */
async function settled(
  ports: SettlePorts,
  pull: PullRequest,
  claim: Claim,
  change: Partial<Claim>,
): Promise<Claim | null> {
  const { unsettled } = { ...claim, ...change };
  const costs = await costsOf(ports, unsettled);
  // Such as a task that was submitted while its execution was stopped.
  for (const held of unsettled) if (!costs.has(held)) await cancelById(ports, held.taskId);
  const next = await updateClaim(ports, pull, claim, {
    ...change,
    unsettled: unsettled.filter((held) => !costs.has(held)),
  });
  if (next !== null) await giveBack(ports, pull, costs);
  return next;
}

/** Ends one's own claim. Money whose task has not ended yet is given back later, by whoever claims the pull request next or by the reconciler. */
export async function release(
  ports: ReviewPorts,
  pull: PullRequest,
  claim: Claim,
  state: 'done' | 'stopped',
): Promise<void> {
  await settled(ports, pull, claim, { state, held: undefined, unsettled: moneyOf(claim) });
}

/**
 * Settles the money of a claim that nobody works on, as far as its tasks have ended; the others are cancelled. What its
 * execution has left open, such as a check run, stays for whoever claims the pull request next. Returns the claim, null
 * when another execution has claimed the pull request meanwhile, which does the rest.
 */
export async function settleStopped(ports: SettlePorts, pull: PullRequest, claim: Claim): Promise<Claim | null> {
  if (!hasMoney(claim)) return claim;
  const { state } = claim;
  return settled(ports, pull, claim, {
    state: state === 'running' ? 'stopped' : state,
    held: undefined,
    unsettled: moneyOf(claim),
    replaces: leftOpenBy(claim),
  });
}

/** Cancels a task, if there is one that has not ended. */
export async function cancelById(ports: CancelPorts, id: string): Promise<void> {
  const task = await ports.store.get(taskIdSchema.parse(id));
  if (task !== null && !isTerminal(task.state)) await cancelTask(ports, task);
}

/** Of a review that another one replaces. */
export const cancelCheckRun = async (
  client: GithubClient,
  { repository }: Pick<PullRequest, 'repository'>,
  id: number,
): Promise<void> =>
  concludeCheckRun(client, { repository, id }, 'cancelled', {
    title: 'Not reviewed',
    text: 'The pull request has changed since.',
  });
