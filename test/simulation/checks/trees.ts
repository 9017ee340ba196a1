import type { Delegation } from '#core/tasks/delegation.ts';
import type { ToolStep } from '#core/tasks/step.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import type { Actor } from '../world/actor.ts';
import { isTerminal, same, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

type Histories = ReadonlyMap<TaskId, History>;

/** Sums of amounts that were each rounded to a billionth. */
const TINY = 1e-6;
const MAX_DEPTH = 3;

/**
 * I14: children are made once.
 * - I14.1 There is one child for each place in a parent's step.
 * - I14.2 A child is created only after its parent names it, with the budget that the parent keeps for it.
 * - I14.3 A delegation is begun only by the holder, for the next step. It changes only when its children have ended, into
 *   one with those and tasks of the request that begin later.
 * - I14.4 When its step counts before its time is up, all its children exist, and the result tells how each ended, in order.
 * - I14.5 No child lies more than three levels below the first task.
 */
export function checkChildCreated(task: Task, histories: Histories): void {
  const { parent } = task;
  if (!parent) return;
  const { id, step, index, depth } = parent;
  for (const other of histories.values()) {
    const at = other.task.parent;
    const isSame = at?.id === id && at.step === step && at.index === index;
    expectThat(!isSame, 'I14.1', () => `a second child besides ${other.alias} for place ${index} of step ${step}`);
  }
  const above = histories.get(id as TaskId)?.task;
  const named = above?.children?.includes(task.id) ?? false;
  const kept =
    above?.delegation?.step === step ? above.delegation.children.find((child) => child.index === index) : undefined;
  expectThat(
    named && (kept === undefined || (kept.id === task.id && same(kept.budget, task.budget))),
    'I14.2',
    () => `a child for place ${index} of step ${step} is created, and its parent does not know of it`,
  );
  expectThat(
    depth === (above?.parent?.depth ?? 0) + 1 && depth <= MAX_DEPTH,
    'I14.5',
    () => `a child at depth ${depth} of a parent at depth ${above?.parent?.depth ?? 0}`,
  );
  expectThat(
    above === undefined || task.deadline < above.deadline,
    'I15.5',
    () => `a child may run ${task.deadline - (above?.deadline ?? 0)} ms longer than its parent`,
  );
}

/**
 * I15: a parent is woken for good.
 * - I15.1 When a healthy worker notes that the end of the last child was told, the parent does not wait any more.
 * - I15.2 Who parks a healthy parent does not leave it waiting for children that had all been told.
 * - I15.3 It goes on only when all have ended, enough succeeded, or its time to conclude has come.
 * - I15.4 A child is cancelled only with a parent that ended or went on, or by an operator; and once a parent has ended
 *   and that was told, no child of its delegation goes on.
 * - I15.5 A child's deadline lies before its parent's.
 * - I15.6 Nobody begins to work on a child whose parent has ended.
 * That it reaches an end is the business of the liveness checks.
 */
export function checkTree(write: TaskWrite, histories: Histories): void {
  const { history, before, after, by } = write;
  if (after.delegation) history.delegated.add(`${after.delegation.step}/${after.delegation.epoch}`);
  checkDelegation(write, histories);
  checkCharged(after);
  notePark(write, histories);
  if (after.steps.length > before.steps.length && before.delegation)
    checkConcluded(write, before.delegation, histories);
  if (after.parent) checkCancelled(write, histories);
  if (after.parent) checkNotBegun(write, histories);
  const isTold = isNoted(after) && !isNoted(before);
  if (isTold && by.machine.faults === 0 && after.parent) checkParentWoken(after, histories);
  if (isTold && by.machine.faults === 0 && after.delegation) checkAllStopped(after.delegation, histories);
}

const isNoted = ({ state }: Task): boolean => 'notified' in state && state.notified;

function checkDelegation({ history, before, after, by }: TaskWrite, histories: Histories): void {
  if (same(before.delegation, after.delegation)) return;
  const isHolder = before.state.status === 'running' && history.claims.get(before.epoch) === by;
  const begins = !before.delegation && after.delegation;
  const goesFurther = before.delegation && after.delegation && isLater(before.delegation, after.delegation, histories);
  const fits = begins
    ? after.delegation?.step === before.steps.length && after.delegation.epoch === before.epoch
    : goesFurther || (!after.delegation && after.steps.length === before.steps.length + 1);
  expectThat(isHolder && fits, 'I14.3', () => `${by.name} changed the delegation of ${history.alias}`);
}

/** Whether a delegation only gained children, the ended ones before them being kept at what they were charged. */
function isLater(before: Delegation, after: Delegation, histories: Histories): boolean {
  const { children, later: _before, ...rest } = before;
  const { children: all, later: _after, ...sameRest } = after;
  const kept = children.every(({ id, to, index }, at) => {
    const [history, now] = [histories.get(id as TaskId), all[at]];
    if (!history || !isTerminal(history.task.state) || now?.id !== id || now.to !== to || now.index !== index)
      return false;
    const { usd, tokens } = chargedOf(history.task);
    return Math.abs(now.budget.usd - usd) < TINY && now.budget.tokens === tokens;
  });
  const places = (each: Delegation): number[] =>
    [...each.children, ...(each.later ?? [])].map(({ index }) => index).sort((a, b) => a - b);
  return kept && all.length > children.length && same(rest, sameRest) && same(places(before), places(after));
}

const childrenOf = ({ children }: Delegation, histories: Histories): readonly (History | undefined)[] =>
  children.map(({ id }) => histories.get(id as TaskId));

function checkConcluded(write: TaskWrite, delegation: Delegation, histories: Histories): void {
  const { by } = write;
  const children = childrenOf(delegation, histories);
  const ended = children.filter((child) => child && isTerminal(child.task.state));
  const succeeded = ended.filter((child) => child?.task.state.status === 'succeeded');
  const timeIsUp = by.latest >= delegation.until || by.machine.jumped;
  const enough = delegation.enough !== undefined && succeeded.length >= delegation.enough;
  expectThat(
    timeIsUp || enough || ended.length === children.length,
    'I15.3',
    () => `it goes on, though only ${ended.length} of ${children.length} children have ended`,
  );
  expectThat(timeIsUp || children.every(Boolean), 'I14.4', () => 'it goes on, and not all its children exist');
  if (by.machine.faults === 0) checkAllStopped(delegation, histories);
  checkSettled(write, delegation, histories);
}

/**
 * I16: the tree never spends more than its root.
 * - I16.1 What a task was charged, with what it keeps or has settled for its children, is within its budget.
 * - I16.2 What the provider billed for a task and all below it is within the task's budget.
 * - I16.3 What is settled for a child covers all that it and those below it were billed; for one that had ended before, it
 *   is exactly what they were charged.
 */
export function checkTreeBilled(history: History, histories: Histories): void {
  for (let at: History | undefined = history; at; at = aboveOf(at, histories)) {
    const { task, alias } = at;
    const billed = billedBelow(task, histories);
    expectThat(
      billed.usd <= task.budget.usd + TINY && billed.tokens <= task.budget.tokens,
      'I16.2',
      () => `${alias} and all below were billed $${billed.usd} of $${task.budget.usd}`,
    );
  }
}

const aboveOf = ({ task: { parent } }: History, histories: Histories): History | undefined =>
  parent && histories.get(parent.id as TaskId);

interface Amount {
  readonly usd: number;
  readonly tokens: number;
}

const sum = (amounts: readonly Amount[]): Amount => ({
  usd: amounts.reduce((all, { usd }) => all + usd, 0),
  tokens: amounts.reduce((all, { tokens }) => all + tokens, 0),
});

function billedBelow(task: Task, histories: Histories): Amount {
  const own = histories.get(task.id)?.billed ?? { usd: 0, tokens: 0 };
  const below = (task.children ?? []).flatMap((id) => histories.get(id)?.task ?? []);
  return sum([own, ...below.map((child) => billedBelow(child, histories))]);
}

function chargedOf({ spend, reservation, delegation }: Task): Amount {
  const { input, output, cacheRead, cacheWrite } = spend.usage;
  const own = { usd: spend.usd, tokens: input + output + cacheRead + cacheWrite };
  const kept = (delegation?.children ?? []).map(({ budget }) => budget);
  return sum([own, spend.lost, spend.delegated ?? NONE, reservation ?? NONE, ...kept]);
}

const NONE: Amount = { usd: 0, tokens: 0 };

function checkCharged(task: Task): void {
  const charged = chargedOf(task);
  expectThat(
    charged.usd <= task.budget.usd + TINY && charged.tokens <= task.budget.tokens,
    'I16.1',
    () => `charged or kept $${charged.usd}, ${charged.tokens} tokens of $${task.budget.usd}, ${task.budget.tokens}`,
  );
}

function checkSettled({ before, after, by }: TaskWrite, { children }: Delegation, histories: Histories): void {
  const settled = (after.spend.delegated?.tokens ?? 0) - (before.spend.delegated?.tokens ?? 0);
  const tasks = children.map(({ id }) => histories.get(id as TaskId));
  const billed = sum(tasks.map((child) => (child ? billedBelow(child.task, histories) : NONE)));
  expectThat(
    settled >= billed.tokens,
    'I16.3',
    () => `${settled} tokens are settled for children that were billed ${billed.tokens}`,
  );
  const endedBefore = tasks.every((child) => child && isTerminal(child.task.state) && child.writtenAt < by.since);
  const charged = sum(tasks.map((child) => (child ? chargedOf(child.task) : NONE)));
  expectThat(
    !endedBefore || settled === charged.tokens,
    'I16.3',
    () => `${settled} tokens are settled for children that were charged ${charged.tokens}`,
  );
}

function checkCancelled({ before, after, by }: TaskWrite, histories: Histories): void {
  const asks = ({ state }: Task): boolean =>
    state.status === 'cancelled' || (state.status === 'running' && state.cancelRequested);
  if (by.role === 'operator' || !asks(after) || asks(before)) return;
  const parent = histories.get(after.parent?.id as TaskId)?.task;
  const goesOn = parent?.delegation && parent.delegation.step === after.parent?.step;
  const children = goesOn ? childrenOf(parent.delegation as Delegation, histories) : [];
  const succeeded = children.filter((child) => child?.task.state.status === 'succeeded').length;
  const isOver =
    by.latest >= (parent?.delegation?.until ?? Infinity) ||
    by.machine.jumped ||
    succeeded >= (parent?.delegation?.enough ?? Infinity);
  expectThat(
    !parent || isTerminal(parent.state) || !goesOn || isOver,
    'I15.4',
    () => `${by.name} cancels a child whose parent still waits for it`,
  );
}

function checkNotBegun({ before, after, by }: TaskWrite, histories: Histories): void {
  const parent = histories.get(after.parent?.id as TaskId);
  if (!parent || !isNoted(parent.task) || parent.writtenAt >= by.since) return;
  expectThat(
    !after.reservation || same(after.reservation, before.reservation),
    'I15.6',
    () => `${by.name} begins a call for a child of ${parent.alias}, which has ended`,
  );
}

function checkParentWoken({ parent }: Task, histories: Histories): void {
  const above = histories.get(parent?.id as TaskId);
  if (!above || above.parkedBy === null || above.parkedBy.machine.alive || above.parkedBy.machine.faults > 0) return;
  expectThat(!waitsInVain(above, histories), 'I15.1', () => `the last child was told, and ${above.alias} still waits`);
}

/** Whether it waits for children all of which have ended and were told. @param but a child that is being told */
function waitsInVain({ task: { state, delegation } }: History, histories: Histories): boolean {
  if (state.status !== 'parked' || state.detail !== 'delegated' || !delegation) return false;
  // The child that is judged is not noted yet.
  const untold = childrenOf(delegation, histories).filter((child) => !child || !isNoted(child.task));
  return untold.length === 0 || (untold.length === 1 && untold[0] !== undefined && isTerminal(untold[0].task.state));
}

/** The worker that parked a parent is done with its message. */
export function checkNotLeft(history: History, by: Actor): void {
  const isLeft = history.parkedBy === by && history.parkedInVain === history.task.version;
  expectThat(!isLeft, 'I15.2', () => `${by.name} leaves ${history.alias} waiting for children that had ended`);
}

/** Notes a parent that is parked when all its children have ended and were told: nobody else will wake it. */
function notePark({ history, after }: TaskWrite, histories: Histories): void {
  const { state, delegation } = after;
  if (state.status !== 'parked' || state.detail !== 'delegated' || !delegation) return;
  const toldBefore = childrenOf(delegation, histories).every((child) => child && isNoted(child.task));
  if (toldBefore) history.parkedInVain = after.version;
}

function checkAllStopped(delegation: Delegation, histories: Histories): void {
  for (const child of childrenOf(delegation, histories)) {
    if (!child) continue;
    const { state } = child.task;
    const stops = isTerminal(state) || (state.status === 'running' && state.cancelRequested);
    expectThat(stops, 'I15.4', () => `${child.alias} goes on, and its parent has ended or gone on`);
  }
}

/** The result of a delegate step tells the truth of each child. */
export function checkResults({ task: { delegation } }: History, step: ToolStep, histories: Histories): void {
  if (!delegation || delegation.step !== step.index || delegation.epoch !== step.epoch) return;
  const { results } = JSON.parse(step.content) as { results: { task: string; state: string; output?: unknown }[] };
  const { children, later = [] } = delegation;
  const notStarted = later.every(({ index }) => results[index]?.state === 'unfinished' && !('task' in results[index]));
  const isTrue = children.every(({ id, index }) => {
    const result = results[index];
    const child = histories.get(id as TaskId)?.task;
    if (result?.task !== id) return false;
    if (result.state === 'unfinished') return true;
    const output = child?.state.status === 'succeeded' ? child.state.output : undefined;
    return child?.state.status === result.state && (result.state !== 'succeeded' || same(output, result.output));
  });
  expectThat(
    isTrue && notStarted && results.length === children.length + later.length,
    'I14.4',
    () => `the results of step ${step.index} are not what its children came to`,
  );
}
