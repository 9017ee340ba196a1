import { nextAction } from '../agents/conversation.ts';
import type { Agent, Salvaged } from '../agents/define-agent.ts';
import { announceEnd } from '../ending/notify.ts';
import { failureOf, type Failure } from '../failures/failure.ts';
import { batchPrices } from '../models/catalogue.ts';
import type { BatchEntry } from '../ports/batch-model.ts';
import { fit, holdFitted, type Held } from '../spending/fit.ts';
import type { CallRefusal } from '../spending/refusal.ts';
import { answerWaiting, enterBatch, failWaiting, postpone } from '../tasks/batched.ts';
import { readInput } from '../tasks/input.ts';
import type { Task } from '../tasks/task.ts';
import { artifactsOf } from '../worker/objects-elsewhere.ts';
import { customIdOf, type Batch } from './batch.ts';
import type { CollectPorts } from './ports.ts';
import { applied } from './undo.ts';

/** Milliseconds that the exact count of a prompt may take. */
const COUNT_MS = 20_000;

/**
 * Lays one task's call in a batch: what it asks, its worst case reserved on every budget at the price of batches (I4).
 * Null for a task that does not come into it: it ended, code answered it, or it waits for another one.
 */
export async function gather(ports: CollectPorts, agent: Agent, batch: Batch, task: Task): Promise<BatchEntry | null> {
  const entered = await enter(ports, agent, batch, task).catch((error: unknown): CallRefusal => ({
    kind: 'failed',
    failure: failureOf(error),
  }));
  if (entered === null || !('kind' in entered)) return entered;
  if (entered.kind === 'waits') await leaveOut(ports, task, entered.wait.until);
  else if (isFinal(entered.failure)) await giveUp(ports, task, entered.failure);
  else if (entered.failure.retryAfterMs !== undefined)
    await leaveOut(ports, task, ports.clock.now() + entered.failure.retryAfterMs);
  return null;
}

const isFinal = ({ kind }: Failure): boolean => kind === 'permanent' || kind === 'over-budget';

async function enter(
  ports: CollectPorts,
  agent: Agent,
  batch: Batch,
  task: Task,
): Promise<BatchEntry | CallRefusal | null> {
  const artifacts = artifactsOf(ports, task.id);
  const prepared = await agent.prepare(await readInput(artifacts, task), {
    artifacts,
    tenant: task.tenant,
    deadline: task.deadline,
  });
  if (prepared.answer) return answer(ports, agent, task, prepared.answer);
  const action = nextAction(agent, prepared, []);
  if (action.kind !== 'call-model') return null;
  const request: BatchEntry['request'] = {
    model: ports.catalogue.tiers[action.tier],
    system: task.system ?? agent.system,
    messages: action.messages,
    tools: [],
    outputSchema: agent.outputSchema,
    ...(agent.search && { search: agent.search }),
    maxTokens: agent.maxOutputTokens,
  };
  const held = await reserved(ports, agent, task, request);
  if ('kind' in held) return held;
  const { hold, tokens, usd, maxTokens } = held;
  const lies = { id: batch.id, since: ports.clock.now(), held: [...hold.counters] };
  const reservation = { step: 0, tokens, usd, model: request.model };
  if (await applied(ports, task, (current) => enterBatch(current, lies, reservation))) {
    return { customId: customIdOf(task), request: { ...request, maxTokens } };
  }
  // It was cancelled, or another collector was first.
  await hold.release();
  return null;
}

/** Code answers the task, so it comes into no batch. */
async function answer(ports: CollectPorts, agent: Agent, task: Task, answered: Salvaged): Promise<null> {
  const now = ports.clock.now();
  const handOver = agent.escalate(answered.output);
  const ended = await applied(ports, task, (current) => answerWaiting(current, answered, handOver, now));
  if (ended === null) return null;
  ports.report(ended, { type: 'answer.by-code' });
  await announceEnd(ports, ended);
  return null;
}

async function reserved(
  ports: CollectPorts,
  agent: Agent,
  task: Task,
  request: BatchEntry['request'],
): Promise<Held | CallRefusal> {
  const cheap = { ...ports, catalogue: batchPrices(ports.catalogue) };
  const counted = { ...request, timeoutMs: COUNT_MS, stepId: `${task.id}/0` };
  const fitted = await fit(cheap, task, counted);
  return 'kind' in fitted ? fitted : holdFitted(cheap, agent, task, counted, fitted);
}

async function leaveOut(ports: CollectPorts, task: Task, until: number): Promise<void> {
  await applied(ports, task, (current) => postpone(current, until));
}

async function giveUp(ports: CollectPorts, task: Task, failure: Failure): Promise<void> {
  const now = ports.clock.now();
  const ended = await applied(ports, task, (current) => failWaiting(current, failure, now));
  if (ended) await announceEnd(ports, ended);
}
