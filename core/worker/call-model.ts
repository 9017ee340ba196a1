import type { ModelCall } from '../agents/conversation.ts';
import type { Agent } from '../agents/define-agent.ts';
import { FailureError, failureOf, isFree } from '../failures/failure.ts';
import type { SlotRequest } from '../governor/governor.ts';
import { tokensOf } from '../models/price.ts';
import type { ModelAnswer, ModelRequest } from '../ports/model.ts';
import { answeredStep, reportAnswer } from '../spending/answered-step.ts';
import { fit, holdFitted, type Held } from '../spending/fit.ts';
import type { CallRefusal } from '../spending/refusal.ts';
import { commitStep, forfeitCall, releaseCall, reserveCall } from '../tasks/progress.ts';
import type { ModelStep } from '../tasks/step.ts';
import type { Task } from '../tasks/task.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';
import { waitForSlot } from './wait-for-slot.ts';

/**
 * Makes one model call as one step: reserve the worst case, call, settle. The step is owed: the next write of the task
 * commits it. Returns a refusal if a budget or a rate limit has no room for the call. Throws `FailureError` if the call
 * fails, and `ClaimLost`.
 * @param timeoutMs milliseconds the call may take
 */
export async function callModel(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: ModelCall,
  timeoutMs: number,
): Promise<ModelStep | CallRefusal> {
  const { clock, governor } = ports;
  const index = handle.task.steps.length;
  const cleared = await clearCall(ports, agent, handle, requestOf(ports, agent, handle, call, timeoutMs));
  if ('kind' in cleared) return cleared;
  const { request, maxTokens, tokens, usd, hold } = cleared;
  const reservation = { step: index, epoch: handle.epoch, tokens, usd, model: request.model };
  try {
    await handle.update((task) => reserveCall(task, handle.epoch, reservation, clock.now()));
  } catch (error) {
    await hold.release();
    throw error;
  }
  // The call before counts even if the worker dies in this one. The turn waits for it at its end.
  void handle.usage.flush();
  const startedAt = clock.now();
  const answer = await invoke(
    ports,
    handle,
    { ...request, maxTokens, timeoutMs: timeoutMs - cleared.waitedMs },
    cleared,
  );
  const step = answeredStep(
    ports.catalogue,
    {
      taskId: handle.task.id,
      index,
      epoch: handle.epoch,
      startedAt,
      endedAt: clock.now(),
      model: request.model,
      ...(call.upgrade !== undefined && { rise: call.upgrade }),
      ...(call.summary !== undefined && { isSummary: true }),
    },
    answer,
  );
  handle.owe({
    step,
    commit: (task) => commitStep(task, handle.epoch, step, clock.now()),
    stored: null,
    onCommitted: () => {
      handle.usage.answered(request.model, step);
      reportAnswer(ports.report, handle.task, step);
    },
  });
  await Promise.all([
    hold.settle({ usd: step.usd, tokens: tokensOf(step.usage) }),
    governor.answered(cleared.slotRequest, answer.usage, answer.rateLimits),
  ]);
  return step;
}

function requestOf(
  { catalogue }: WorkerPorts,
  agent: Agent,
  { task, stopped }: TaskHandle,
  { messages, tier, summary, searched }: ModelCall,
  timeoutMs: number,
): ModelRequest {
  return {
    model: catalogue.tiers[tier],
    system: task.system ?? agent.system,
    messages,
    tools: agent.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    outputSchema: agent.outputSchema,
    ...(summary === undefined && searchOf(agent, searched)),
    maxTokens: agent.maxOutputTokens,
    ...summary,
    timeoutMs,
    stepId: `${task.id}/${task.steps.length}`,
    signal: stopped,
  };
}

/** What is left of the agent's searches. A turn that pauses must be able to go on, so it is one at least. */
function searchOf({ search }: Agent, searched: number): Pick<ModelRequest, 'search'> {
  return search === undefined ? {} : { search: { maxUses: Math.max(1, search.maxUses - searched) } };
}

/** A call that may be made: what it holds of the budgets, and how it asked for its slot. */
type Cleared = Held & {
  /** As it is sent. */
  readonly request: ModelRequest;
  readonly slotRequest: SlotRequest;
  readonly waitedMs: number;
};

/** Fits a call into the task's budget, waits for its slot, and holds its worst case on the day budgets. */
async function clearCall(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  asked: ModelRequest,
): Promise<Cleared | CallRefusal> {
  const { request, fitted } = await fitSearches(ports, handle.task, asked);
  if ('kind' in fitted) return fitted;
  const { slot, priority, createdAt } = handle.task;
  const { inputTokens, maxTokens } = fitted;
  const ageMs = Math.max(0, ports.clock.now() - createdAt);
  const high = priority === 'high';
  const slotRequest = { model: request.model, inputTokens, maxTokens, high, waitedMs: ageMs, slot };
  const waited = await waitForSlot(ports, handle, slotRequest, request.timeoutMs);
  if (typeof waited !== 'number') return waited;
  const held = await holdFitted(ports, agent, handle.task, request, fitted);
  return 'kind' in held ? held : { ...held, request, slotRequest, waitedMs: waited };
}

/** Fits a call. A budget that does not pay for all its searches may pay for one. */
async function fitSearches(ports: WorkerPorts, task: Task, request: ModelRequest) {
  const fitted = await fit(ports, task, request);
  if (!('kind' in fitted) || (request.search?.maxUses ?? 1) === 1) return { request, fitted };
  const one = { ...request, search: { maxUses: 1 } };
  return { request: one, fitted: await fit(ports, task, one) };
}

async function invoke(
  ports: WorkerPorts,
  handle: TaskHandle,
  request: ModelRequest,
  { hold, usd }: Cleared,
): Promise<ModelAnswer> {
  const startedAt = ports.clock.now();
  try {
    return await ports.model.invoke(request);
  } catch (error) {
    const failure = failureOf(error);
    const ms = ports.clock.now() - startedAt;
    const free = isFree(failure);
    const failed = { type: 'model.failed', model: request.model, failureKind: failure.kind, ms } as const;
    const charged = handle.update((task) => (free ? releaseCall(task, handle.epoch) : forfeitCall(task, handle.epoch)));
    // A worker that has lost its claim charges nothing: the next one does.
    await charged.catch((lost: unknown) => {
      ports.report(handle.task, failed);
      throw lost;
    });
    ports.report(handle.task, free ? failed : { ...failed, lostUsd: usd });
    if (failure.kind === 'throttled') {
      const told = error instanceof FailureError ? error.rateLimits : undefined;
      await ports.governor.throttled(request.model, told, failure.retryAfterMs);
    }
    if (free) await hold.release();
    else handle.usage.lost(request.model, usd);
    throw error;
  }
}
