import type { ToolCall } from '../agents/conversation.ts';
import type { Agent } from '../agents/define-agent.ts';
import { parseDelegation, type DelegationRequest } from '../agents/delegates.ts';
import { inParallel } from '../concurrency/in-parallel.ts';
import { cancelUnfinished, isOver, readChildren } from '../delegation/children.ts';
import { firstChildren, laterChildren } from '../delegation/next-children.ts';
import { resultsOf, spentBelow } from '../delegation/results.ts';
import { wakeIfOver } from '../delegation/wake-parent.ts';
import { FailureError } from '../failures/failure.ts';
import { mustWait } from '../spending/refusal.ts';
import { acceptTask } from '../tasks/accept.ts';
import { beginDelegation, commitDelegation, extendDelegation } from '../tasks/delegated.ts';
import { MAX_CHILDREN_OF_TASK, MAX_DEPTH, type Child, type Delegation } from '../tasks/delegation.ts';
import { readInput } from '../tasks/input.ts';
import type { ToolStep } from '../tasks/step.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { childTraceparent } from '../tracing/span-ids.ts';
import { announced, entryAfter, entryBefore, headOf, recorded } from './audit.ts';
import { callTool, toolError } from './call-tool.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';
import type { NotNow } from './turn-end.ts';

/** SQS delays a message by at most 15 minutes. The sweeper sends later ones. */
const MAX_DELAY_MS = 900_000;
/** The time that a parent keeps to conclude: a quarter of what it has left, at most two minutes. */
const MAX_CONCLUDE_MS = 120_000;

/**
 * Delegates tasks as one step. The first claim writes the delegation, creates the children and parks the task. A later one
 * finds the delegation on the task: it creates children that are missing, and writes the step once the wait is over. The
 * step is written under the epoch that began it, so only one result can ever count (I3).
 */
export async function delegateTasks(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: ToolCall,
): Promise<ToolStep | NotNow> {
  const under = handle.task.delegation;
  if (under) return goOn(ports, agent, handle, call, under);
  const request = await plan(ports, agent, handle, call);
  if (typeof request === 'string') return callTool(ports, agent, handle, call, request);
  const delegation = await delegationOf(ports, agent, handle, call, request);
  if (typeof delegation === 'string') return callTool(ports, agent, handle, call, delegation);
  const before = entryBefore(ports, handle.task, call, delegation.since);
  await handle.update((task) =>
    announced(ports, beginDelegation(task, handle.epoch, delegation, ports.clock.now()), before),
  );
  await ports.audit.record(before);
  await create(ports, agent, handle, delegation, request, () => true);
  return wait(ports, handle, delegation, 'first');
}

/** The tasks to delegate, or what is wrong with the call, for the model. */
async function plan(
  { sandbox, artifacts }: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: ToolCall,
): Promise<DelegationRequest | string> {
  const tool = agent.tools.find(({ name }) => name === call.tool);
  try {
    const input = await readInput(artifacts, handle.task);
    const idempotencyKey = `${handle.task.id}/${handle.task.steps.length}`;
    const planned = await tool?.plan?.(call.input, { idempotencyKey, signal: handle.stopped, sandbox, input });
    const parsed = parseDelegation(agent.delegates, planned);
    return 'request' in parsed ? parsed.request : `No task was delegated: ${parsed.problems.join('; ')}.`;
  } catch (error) {
    return toolError(error);
  }
}

/** What is written before the first child is created, or why nothing can be delegated. */
async function delegationOf(
  ports: WorkerPorts,
  agent: Agent,
  { task, epoch }: TaskHandle,
  { tool, toolUseId }: ToolCall,
  request: DelegationRequest,
): Promise<Delegation | string> {
  const { tasks, enough } = request;
  const step = task.steps.length;
  if ((task.parent?.depth ?? 0) >= MAX_DEPTH)
    return `No task was delegated: this task is ${MAX_DEPTH} levels below the first one, the most there may be.`;
  if ((task.children?.length ?? 0) + tasks.length > MAX_CHILDREN_OF_TASK)
    return `No task was delegated: a task may delegate at most ${MAX_CHILDREN_OF_TASK} tasks in all its steps.`;
  const agents = tasks.map(({ to }) => delegateOf(agent, to));
  for (const { name } of new Set(agents)) {
    if (!(await ports.queue.serves(name)))
      return `No task was delegated: the pool of the agent ${name} is not deployed.`;
  }
  const begun = firstChildren(ports, task, request, agents);
  if (!begun) return 'No task was delegated: the budget of the task has not enough left for a call of another agent.';
  const since = ports.clock.now();
  const left = task.deadline - since;
  return {
    step,
    epoch,
    tool,
    toolUseId,
    since,
    ...(enough !== undefined && { enough }),
    until: task.deadline - Math.min(MAX_CONCLUDE_MS, Math.round(left / 4)),
    children: begun.children,
    ...(begun.later.length > 0 && { later: begun.later }),
  };
}

function delegateOf(agent: Agent, to: string) {
  const delegate = agent.delegates[to];
  if (!delegate) throw new Error(`The agent ${agent.name} has no delegate ${to}.`);
  return delegate;
}

/** Creates those children that `isMissing` names. Each write is conditional on the child's id (I14). */
async function create(
  ports: WorkerPorts,
  agent: Agent,
  { task, stopped }: TaskHandle,
  { step, until, children }: Delegation,
  { tasks }: DelegationRequest,
  isMissing: (child: Child) => boolean,
): Promise<void> {
  const depth = (task.parent?.depth ?? 0) + 1;
  await inParallel(children.filter(isMissing), async ({ to, budget, index }) => {
    // The task is to end: its children would be cancelled at once.
    if (stopped.aborted) return;
    const { name, version, deadline } = delegateOf(agent, to);
    const now = ports.clock.now();
    const asked = tasks[index];
    const submission = {
      tenant: task.tenant,
      agent: name,
      agentVersion: version,
      priority: task.priority,
      input: asked?.input,
      budget,
      createdAt: now,
      deadline: Math.min(until, now + deadline * 1_000),
      request: { id: task.id, retry: 0 },
      parent: { id: task.id, step, index, depth },
      traceparent: childTraceparent(ports.ids, task, step),
    };
    const accepted = await acceptTask(ports, submission, (asked?.startAfter ?? 0) * 1_000);
    if (accepted.outcome === 'created') ports.report(accepted.task, { type: 'task.created' });
  });
}

/** Goes on with a delegation that an earlier claim began. */
async function goOn(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: ToolCall,
  delegation: Delegation,
): Promise<ToolStep | NotNow> {
  // Its worker may have died before the entry was written, or before all children were created.
  const entry = handle.task.audit?.announced;
  // Not the head later on, which is another's once the claim is lost.
  const previous = headOf(ports, handle.task);
  if (entry) await ports.audit.record(entry);
  const found = byId(await readChildren(ports.store, delegation.children));
  if (found.size < delegation.children.length && ports.clock.now() < delegation.until) {
    const request = await plan(ports, agent, handle, call);
    if (typeof request === 'string') throw new Error(request);
    if (!isSame(request, delegation)) throw new FailureError({ kind: 'permanent', reason: PLANNED_DIFFERENTLY });
    await create(ports, agent, handle, delegation, request, ({ id }) => !found.has(id));
    return wait(ports, handle, delegation, 'first');
  }
  if (!(await isOver(ports, delegation))) return wait(ports, handle, delegation, 'again');
  const next = await goFurther(ports, agent, handle, call, delegation);
  return next ? wait(ports, handle, next, 'again') : conclude(ports, handle, delegation, previous);
}

/**
 * Begins with those tasks for which the budget was not enough before their siblings ended. Null when the delegation is
 * over: none is left or can be paid, enough have succeeded, or it is time to conclude.
 */
async function goFurther(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: ToolCall,
  delegation: Delegation,
): Promise<Delegation | null> {
  const { children, later = [], enough = Infinity, until } = delegation;
  if (later.length === 0 || ports.clock.now() >= until) return null;
  const ended = await readChildren(ports.store, children);
  if (ended.filter(({ state }) => state.status === 'succeeded').length >= enough) return null;
  const request = await plan(ports, agent, handle, call);
  if (typeof request === 'string') throw new Error(request);
  if (!isSame(request, delegation)) throw new FailureError({ kind: 'permanent', reason: PLANNED_DIFFERENTLY });
  const agents = request.tasks.map(({ to }) => delegateOf(agent, to));
  const next = laterChildren(ports, handle.task, delegation, byId(ended), request, agents);
  if (!next) return null;
  await handle.update((task) => extendDelegation(task, handle.epoch, next, ports.clock.now()));
  await create(ports, agent, handle, next, request, ({ id }) => !children.some((child) => child.id === id));
  return next;
}

const PLANNED_DIFFERENTLY =
  'The tool planned other tasks than before its worker died, so missing ones cannot be created. Make its plan depend on its input alone.';

/** Whether a plan that is made again names the agents of the children that it began with, in the same order. */
const isSame = ({ tasks }: DelegationRequest, { children, later = [] }: Delegation): boolean =>
  tasks.length === children.length + later.length &&
  [...children, ...later].every(({ to, index }) => tasks[index]?.to === to);

const byId = (tasks: readonly Task[]): ReadonlyMap<string, Task> => new Map(tasks.map((task) => [task.id, task]));

/** Parks the task until its children have ended. Whatever ended before it was parked is found by the look after. */
function wait(
  ports: WorkerPorts,
  { task: { id } }: TaskHandle,
  { children, until }: Delegation,
  which: 'first' | 'again',
): NotNow {
  const { store, queue, clock } = ports;
  const reason = `Of ${children.length} delegated tasks some have not ended.`;
  const recheck = async (): Promise<void> => {
    const parked = await store.get(id);
    if (!parked || isTerminal(parked.state)) return;
    const delayMs = Math.max(0, until - clock.now());
    if (which === 'first' && delayMs <= MAX_DELAY_MS) await queue.send(parked, delayMs);
    await wakeIfOver(ports, parked);
  };
  return { ...mustWait({ cause: 'yielded', detail: 'delegated', until: clock.now(), reason }), recheck };
}

/** Cancels what has not ended, and writes the results as the step. @param previous the hash of the entry of the call */
async function conclude(
  ports: WorkerPorts,
  handle: TaskHandle,
  delegation: Delegation,
  previous: string,
): Promise<ToolStep> {
  const { clock } = ports;
  await cancelUnfinished(ports, delegation.children);
  const children = byId(await readChildren(ports.store, delegation.children));
  const step = await writtenOnce(ports, {
    kind: 'tool',
    taskId: handle.task.id,
    index: delegation.step,
    epoch: delegation.epoch,
    startedAt: delegation.since,
    endedAt: clock.now(),
    tool: delegation.tool,
    toolUseId: delegation.toolUseId,
    content: JSON.stringify({ results: resultsOf(delegation, children) }),
    isError: false,
  });
  const after = entryAfter(ports, handle.task, step, previous);
  await ports.audit.record(after);
  const spent = spentBelow(delegation.children, children);
  await handle.update((task) => recorded(ports, commitDelegation(task, handle.epoch, step, spent, clock.now()), after));
  ports.report(handle.task, { type: 'tool.ran', tool: step.tool, isError: false, ms: step.endedAt - step.startedAt });
  return step;
}

/** Writes the step unless an earlier worker did, and returns the one that counts. */
async function writtenOnce({ store }: WorkerPorts, step: ToolStep): Promise<ToolStep> {
  await store.putStep(step);
  const steps = await store.steps(step.taskId);
  const written = steps.find(({ index, epoch }) => index === step.index && epoch === step.epoch);
  return written?.kind === 'tool' ? written : step;
}
