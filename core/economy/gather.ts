import { nextAction } from '../agents/conversation.ts';
import type { Agent } from '../agents/define-agent.ts';
import { FailureError, failureOf, type Failure } from '../failures/failure.ts';
import { batchPrices } from '../models/catalogue.ts';
import type { BatchEntry } from '../ports/batch-model.ts';
import { enterBatch, failWaiting, postpone } from '../tasks/batched.ts';
import type { Task } from '../tasks/task.ts';
import { fit, fitExactly } from '../worker/call-model.ts';
import { holdDay, type DayHold } from '../worker/day-budgets.ts';
import { MustWait } from '../worker/must-wait.ts';
import { notifyWaiters } from '../worker/notify.ts';
import { readInput } from '../worker/read-input.ts';
import { unknownVersion } from '../worker/work.ts';
import { customIdOf, type Batch } from './batch.ts';
import type { CollectPorts } from './ports.ts';
import { applied } from './undo.ts';

/** Milliseconds that the exact count of a prompt may take. */
const COUNT_MS = 20_000;

/**
 * Lays one task's call in a batch: what it asks, its worst case reserved on every budget at the price of batches (I4).
 * Null for a task that does not come into it: it ended, or waits for another one.
 */
export async function gather(
  ports: CollectPorts,
  versions: readonly Agent[],
  batch: Batch,
  task: Task,
): Promise<BatchEntry | null> {
  try {
    const agent = versions.find(({ version }) => version === task.agentVersion);
    if (!agent) throw new FailureError(unknownVersion(task, versions));
    return await enter(ports, agent, batch, task);
  } catch (error) {
    if (error instanceof MustWait) return leaveOut(ports, task, error.wait.until);
    const failure = failureOf(error);
    if (!isFinal(failure)) return null;
    return giveUp(ports, task, failure);
  }
}

const isFinal = ({ kind }: Failure): boolean => kind === 'permanent' || kind === 'over-budget';

async function enter(ports: CollectPorts, agent: Agent, batch: Batch, task: Task): Promise<BatchEntry | null> {
  const prepared = await agent.prepare(await readInput(ports.artifacts, task), ports);
  const action = nextAction(agent, prepared, []);
  if (action.kind !== 'call-model') return null;
  const request: BatchEntry['request'] = {
    model: ports.catalogue.tiers[action.tier],
    system: task.system ?? agent.system,
    messages: action.messages,
    tools: [],
    outputSchema: agent.outputSchema,
    maxTokens: agent.maxOutputTokens,
  };
  const { hold, fitted } = await reserved(ports, agent, task, request);
  const { tokens, usd, maxTokens } = fitted;
  const lies = { id: batch.id, since: ports.clock.now(), held: [...hold.counters] };
  const reservation = { step: 0, tokens, usd, model: request.model };
  if (await applied(ports, task, (current) => enterBatch(current, lies, reservation))) {
    return { customId: customIdOf(task), request: { ...request, maxTokens } };
  }
  // It was cancelled, or another collector was first.
  await hold.release();
  return null;
}

async function reserved(
  ports: CollectPorts,
  agent: Agent,
  task: Task,
  request: BatchEntry['request'],
): Promise<{ readonly hold: DayHold; readonly fitted: Awaited<ReturnType<typeof fit>> }> {
  const cheap = { catalogue: batchPrices(ports.catalogue), model: ports.model };
  const counted = { ...request, timeoutMs: COUNT_MS, stepId: `${task.id}/0` };
  const fitted = await fit(cheap, { task }, counted);
  const answer = await holdDay(ports, agent, task, fitted);
  if (answer.held) return { hold: answer.hold, fitted };
  if (fitted.exact) return answer.refuse();
  // Close to a day's limit, what the cheap bound asks for in excess is worth an exact count.
  const exact = await fitExactly(cheap, { task }, counted);
  const again = await holdDay(ports, agent, task, exact);
  return again.held ? { hold: again.hold, fitted: exact } : again.refuse();
}

async function leaveOut(ports: CollectPorts, task: Task, until: number): Promise<null> {
  await applied(ports, task, (current) => postpone(current, until));
  return null;
}

async function giveUp(ports: CollectPorts, task: Task, failure: Failure): Promise<null> {
  const now = ports.clock.now();
  const ended = await applied(ports, task, (current) => failWaiting(current, failure, now));
  if (!ended) return null;
  ports.report(ended, {
    type: 'task.finished',
    status: 'failed',
    failureKind: failure.kind,
    ms: now - ended.createdAt,
  });
  await notifyWaiters(ports, ended);
  return null;
}
