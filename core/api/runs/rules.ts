import type { RunStore } from '../../ports/run-store.ts';
import { cancelTasks } from '../../runs/end-tasks.ts';
import { hasEnded, taskKeyInRun, type Run } from '../../runs/run.ts';
import { treeCostOf } from '../../tasks/cost.ts';
import { isTerminal, type Task } from '../../tasks/task.ts';
import type { Caller } from '../http/caller.ts';
import { cancelTask } from '../tasks/cancel-task.ts';
import { cursorText, parseCursor } from '../http/page.ts';
import { inParallel } from '../../concurrency/in-parallel.ts';
import type { RunPage, RunSubmission, RunView } from './messages.ts';
import { linksOf, newRun, requireTasks } from './new-run.ts';
import { tasksOf, type RunTasksPorts } from './tasks-of-run.ts';
import { startWorkflow, type WorkflowPorts } from './start-workflow.ts';
import type { Executions } from '../../ports/executions.ts';
import { batchItemSchema } from '../tasks/messages.ts';
import { keyReused } from '../http/idempotency.ts';
import { notFound } from '../http/problem.ts';
import { mayUseAll, requireAgents } from '../tasks/require-agents.ts';
import { submitBatch } from '../tasks/submit-batch.ts';
import type { SubmitPorts } from '../tasks/submit-task.ts';

export interface RunPorts extends SubmitPorts {
  readonly runs: RunStore;
}

/**
 * Creates a run: first its item, then its tasks, each under its own key, so that a retry continues where the previous
 * request stopped. An invalid task is rejected without affecting the others. Throws `ApiProblem`.
 */
export async function submitRun(
  ports: RunPorts & WorkflowPorts,
  caller: Caller,
  submission: RunSubmission,
  key: string | undefined,
) {
  if (submission.workflow !== undefined) return startWorkflow(ports, caller, submission, key);
  const { tasks } = requireTasks(submission);
  const wanted = newRun(ports, caller, submission, key, tasks.length);
  const { run } = await ports.runs.create(wanted);
  if (run.digest !== wanted.digest) throw keyReused();
  const keyed = tasks.map((task, index) => withKey(task, taskKeyInRun(run, index)));
  const { items } = await submitBatch(ports, caller, keyed, run.id);
  return { id: run.id, links: linksOf(run), items };
}

/** Replaces the item's own key: the run finds its tasks by the keys it gave them. */
function withKey(task: unknown, idempotencyKey: string): unknown {
  const isObject = batchItemSchema.safeParse(task).success;
  return isObject ? { ...(task as object), idempotencyKey } : task;
}

async function readRun({ runs }: Pick<RunPorts, 'runs'>, { tenant }: Caller, id: string): Promise<Run> {
  const run = await runs.get(tenant, id);
  if (!run) throw notFound('run', id);
  return run;
}

/** Returns a run with its progress and cost, computed from its tasks. Throws `ApiProblem`. */
export async function getRun(
  ports: RunTasksPorts & Pick<RunPorts, 'runs'>,
  caller: Caller,
  id: string,
): Promise<RunView> {
  return viewOf(ports, await findRun(ports, caller, id));
}

/** Returns a run of the caller's tenant and agents. Throws `ApiProblem`: not found for any other tenant's run (I8). */
export async function findRun(ports: RunTasksPorts & Pick<RunPorts, 'runs'>, caller: Caller, id: string): Promise<Run> {
  const run = await readRun(ports, caller, id);
  await requireRun(ports, caller, run);
  return run;
}

/** Throws `ApiProblem` unless the key may use the agent of every task in the run. */
async function requireRun(ports: RunTasksPorts, caller: Caller, run: Run): Promise<void> {
  if (caller.agents === null) return;
  let unreadable = 0;
  const tasks = await tasksOf(ports, run, () => (unreadable += 1));
  // An execution has no task at first, and nothing else says which agent it uses.
  const unknown = run.execution !== undefined && tasks.length === 0 ? 1 : 0;
  requireAgents(caller, tasks, unreadable + unknown);
}

async function viewOf(ports: RunTasksPorts, run: Run): Promise<RunView> {
  // They are under way as far as this release can see, and no task was refused.
  let unreadable = 0;
  const tasks = await tasksOf(ports, run, () => (unreadable += 1));
  const allEnded = unreadable === 0 && tasks.every(({ state }) => isTerminal(state));
  const byExecution = run.execution !== undefined;
  const isEnded = allEnded && (!byExecution || hasEnded(run));
  const agents = byAgent(tasks);
  return {
    ...runHead(run),
    ...(byExecution && { size: Math.max(run.size, tasks.length) }),
    refused: byExecution ? 0 : run.size - tasks.length - unreadable,
    status: isEnded ? 'ended' : 'running',
    ...(run.cancelledAt !== undefined && { cancelled: true }),
    tasks: countBy(tasks),
    ...(byExecution && isEnded && { withoutTask: withoutTask(run, agents) }),
    agents,
    spent: spentBy(tasks),
    ...(run.budgetUsd !== undefined && { budgetUsd: run.budgetUsd }),
  };
}

/** Documents of a run that has ended for which it has no task. A document of a pipeline has one in each stage. */
function withoutTask({ size }: Run, agents: NonNullable<RunView['agents']>): number {
  const most = Math.max(0, ...agents.map(({ tasks }) => Object.values(tasks).reduce((sum, count) => sum + count, 0)));
  return Math.max(0, size - most);
}

/** The agent whose first task is the oldest comes first: a pipeline's stages are in their order. */
function byAgent(tasks: readonly Task[]): NonNullable<RunView['agents']> {
  const sorted = tasks.toSorted((a, b) => a.createdAt - b.createdAt);
  const groups = Map.groupBy(sorted, ({ agent }) => agent);
  return Array.from(groups, ([agent, own]) => ({ agent, tasks: countBy(own), spent: spentBy(own) }));
}

const spentBy = (tasks: readonly Task[]): RunView['spent'] =>
  tasks.map(treeCostOf).reduce((a, b) => ({ tokens: a.tokens + b.tokens, usd: a.usd + b.usd }), { tokens: 0, usd: 0 });

function runHead(run: Run) {
  const { id, name, size } = run;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    createdAt: new Date(run.createdAt).toISOString(),
    size,
    links: linksOf(run),
  };
}

/** A run in a list. The end of a client's run follows from its tasks, which a list does not read. */
const listed = (run: Run): RunPage['runs'][number] => ({
  ...runHead(run),
  ...(run.execution !== undefined && { status: hasEnded(run) ? 'ended' : 'running' }),
  ...(run.cancelledAt !== undefined && { cancelled: true }),
});

function countBy(tasks: readonly Task[]): RunView['tasks'] {
  const counts = { queued: 0, running: 0, parked: 0, succeeded: 0, failed: 0, cancelled: 0, escalated: 0 };
  for (const { state } of tasks) counts[state.status] += 1;
  return counts;
}

/** Most runs whose tasks are read for one page. A key of all agents needs none of them. */
const MAX_READ = 100;

/** Returns a page of the tenant's runs, newest first, without those of agents that the key may not use. */
export async function listRuns(
  ports: RunTasksPorts & Pick<RunPorts, 'runs'>,
  caller: Caller,
  limit: number,
  cursor: string | undefined,
) {
  const page: Run[] = [];
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  let read = 0;
  let last: Run | undefined;
  for await (const run of ports.runs.list(caller.tenant, after)) {
    if (last && (page.length === limit || read === MAX_READ)) return { runs: page.map(listed), next: cursorText(last) };
    last = run;
    if (caller.agents !== null) {
      read += 1;
      if (!(await isListed(ports, caller, run))) continue;
    }
    page.push(run);
  }
  return { runs: page.map(listed) };
}

async function isListed(ports: RunTasksPorts, caller: Caller, run: Run): Promise<boolean> {
  let unreadable = 0;
  const tasks = await tasksOf(ports, run, () => (unreadable += 1));
  return unreadable === 0 && (run.execution === undefined || tasks.length > 0) && mayUseAll(caller, tasks);
}

type CancelRunPorts = RunTasksPorts &
  Pick<RunPorts, 'runs' | 'queue' | 'clock'> & {
    readonly executions: Executions;
  };

/**
 * Cancels a run. It is marked first, so that no task of it starts any more. A client's tasks are cancelled here. An
 * execution is stopped, and the function that hears of its end cancels its tasks; those that an ended execution has left
 * open are cancelled here. Throws `ApiProblem`.
 */
export async function cancelRun(ports: CancelRunPorts, caller: Caller, id: string): Promise<RunView> {
  const found = await findRun(ports, caller, id);
  if (found.execution !== undefined) return cancelExecution(ports, found, found.execution);
  const run = (await ports.runs.mark(caller.tenant, id, 'cancelledAt', ports.clock.now())) ?? found;
  const tasks = await tasksOf(ports, run);
  await inParallel(
    tasks.filter(({ state }) => !isTerminal(state)),
    (task) => cancelTask(ports, task),
  );
  return viewOf(ports, run);
}

/** What is not cancelled by then is cancelled when a worker claims it. */
const CANCEL_MS = 10_000;

async function cancelExecution(ports: CancelRunPorts, found: Run, execution: string): Promise<RunView> {
  const { tenant, id } = found;
  // A failed execution may have been redriven and have sent nothing yet. Stopping one that has ended changes nothing.
  if (await isOver(ports, found)) {
    await ports.executions.stop(execution, 'Cancelled on request.');
    return viewOf(ports, found);
  }
  const now = ports.clock.now();
  let run = (await ports.runs.mark(tenant, id, 'cancelledAt', now)) ?? found;
  const stopped = await ports.executions.stop(execution, 'Cancelled on request.');
  // The request that registered it broke off before it started it. No event will tell its end.
  if (stopped === 'none') run = (await ports.runs.mark(tenant, id, 'endedAt', now)) ?? run;
  // The region of an execution out of reach hears of the mark when it is back, and starts no task of it.
  if (run.endedAt !== undefined || stopped === 'out-of-reach') {
    const hasTime = () => ports.clock.now() < now + CANCEL_MS;
    await cancelTasks(ports, { runId: id, tenant, from: run.createdAt }, hasTime);
  }
  return viewOf(ports, run);
}

/**
 * Whether an execution has ended for all that is known, and its tasks too. One that has failed may be redriven, so the task of
 * every document must have ended. Of one that succeeded, documents without a task have a result of an earlier run.
 */
async function isOver(ports: RunTasksPorts, run: Run): Promise<boolean> {
  if (!hasEnded(run)) return false;
  let unreadable = 0;
  const tasks = await tasksOf(ports, run, () => (unreadable += 1));
  const isWhole = run.failedAt === undefined || tasks.length >= run.size;
  return unreadable === 0 && isWhole && tasks.every(({ state }) => isTerminal(state));
}
