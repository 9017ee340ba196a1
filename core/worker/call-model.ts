import type { ModelCall } from '../agents/conversation.ts';
import { inputBound } from '../agents/input-bound.ts';
import type { Agent } from '../agents/define-agent.ts';
import { remaining, reserve, type ReserveDecision } from '../budgets/budget.ts';
import { FailureError, failureOf } from '../failures/failure.ts';
import type { SlotRequest } from '../governor/governor.ts';
import { costUsd, savedUsd, tokensOf } from '../models/price.ts';
import type { ModelAnswer, ModelRequest } from '../ports/model.ts';
import { commitStep, forfeitCall, releaseCall, reserveCall } from '../tasks/progress.ts';
import { isAnswerPart, type ModelStep } from '../tasks/step.ts';
import { holdDay, type DayHold } from './day-budgets.ts';
import type { WorkerPorts } from './ports.ts';
import { takeTurn } from './take-turn.ts';
import type { TaskHandle } from './task-handle.ts';

/** Fewer output tokens than this are of no use to any agent. */
const MIN_OUTPUT_TOKENS = 256;

/**
 * One model call as one step: reserve the worst case, call, write the step, settle. Throws `FailureError` for what
 * the model or the budget refuses, and `ClaimLost`.
 * @param timeoutMs milliseconds the call may take
 */
export async function callModel(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  { messages, tier, upgrade, summary }: ModelCall,
  timeoutMs: number,
): Promise<ModelStep> {
  const { clock, store, governor } = ports;
  const index = handle.task.steps.length;
  const unbounded: ModelRequest = {
    model: ports.catalogue.tiers[tier],
    system: handle.task.system ?? agent.system,
    messages,
    tools: agent.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    outputSchema: agent.outputSchema,
    maxTokens: agent.maxOutputTokens,
    ...summary,
    timeoutMs,
    stepId: `${handle.task.id}/${index}`,
    signal: handle.stopped,
  };
  const call = await admit(ports, agent, handle, unbounded);
  const { maxTokens, tokens, usd, hold } = call;
  const reservation = { step: index, epoch: handle.epoch, tokens, usd, model: unbounded.model };
  try {
    await Promise.all([
      handle.update((task) => reserveCall(task, handle.epoch, reservation, clock.now())),
      handle.usage.flush(),
    ]);
  } catch (error) {
    await hold.release();
    throw error;
  }
  const startedAt = clock.now();
  const answer = await invoke(ports, handle, { ...unbounded, maxTokens, timeoutMs: timeoutMs - call.waitedMs }, call);
  const step = stepOf(ports, handle, answer, {
    index,
    startedAt,
    model: unbounded.model,
    upgrade,
    isSummary: summary !== undefined,
  });
  await Promise.all([
    store.putStep(step),
    hold.settle({ usd: step.usd, tokens: tokensOf(step.usage) }),
    governor.answered(call.asker, answer.usage, answer.rateLimits),
  ]);
  await handle.update((task) => commitStep(task, handle.epoch, step, clock.now()));
  handle.usage.answered(unbounded.model, step);
  reportAnswer(ports, handle, step);
  return step;
}

/** A call that fits the budgets, what it holds of them, and how it asked for its turn. */
type Admitted = Extract<ReserveDecision, { fits: true }> & {
  readonly hold: DayHold;
  readonly asker: SlotRequest;
  readonly waitedMs: number;
};

/** Fits a call into the task's budget, waits for its turn, and reserves it on the day's budgets; throws what refuses it. */
async function admit(ports: WorkerPorts, agent: Agent, handle: TaskHandle, request: ModelRequest): Promise<Admitted> {
  const fitted = await fit(ports, handle, request);
  const { slot, priority, createdAt } = handle.task;
  const waitedMs = Math.max(0, ports.clock.now() - createdAt);
  const { inputTokens, maxTokens } = fitted;
  const asker = { model: request.model, inputTokens, maxTokens, high: priority === 'high', waitedMs, slot };
  const turn = { asker, waitedMs: await takeTurn(ports, handle, asker, request.timeoutMs) };
  const answer = await holdDay(ports, agent, handle.task, fitted);
  if (answer.held) return { ...fitted, ...turn, hold: answer.hold };
  if (fitted.exact) return answer.refuse();
  // Close to a day's limit, what the cheap bound asks for in excess is worth an exact count.
  const exact = await fitExactly(ports, handle, request);
  const again = await holdDay(ports, agent, handle.task, exact);
  return again.held ? { ...exact, ...turn, hold: again.hold } : again.refuse();
}

type FitPorts = Pick<WorkerPorts, 'catalogue' | 'model'>;

/** The reservation for a call: by the cheap upper bound, and only when that does not fit by the exact count. */
export async function fit(ports: FitPorts, handle: Pick<TaskHandle, 'task'>, request: ModelRequest) {
  const left = remaining(handle.task.budget, handle.task.spend);
  const inputTokens = inputBound(request);
  const rough = reserve(ports.catalogue, left, { ...boundsOf(request), inputTokens });
  // A clamped answer may be cut off, so a bound that leaves less than was asked for is worth an exact count.
  if (rough.fits && rough.maxTokens === request.maxTokens) return { ...rough, inputTokens, exact: false };
  return fitExactly(ports, handle, request);
}

export async function fitExactly(ports: FitPorts, handle: Pick<TaskHandle, 'task'>, request: ModelRequest) {
  const left = remaining(handle.task.budget, handle.task.spend);
  const inputTokens = await ports.model.countTokens(request);
  const exact = reserve(ports.catalogue, left, { ...boundsOf(request), inputTokens });
  if (!exact.fits) throw new FailureError({ kind: 'over-budget', reason: exact.reason });
  return { ...exact, inputTokens, exact: true };
}

const boundsOf = ({ model, maxTokens }: ModelRequest) => ({ model, maxTokens, minTokens: MIN_OUTPUT_TOKENS });

async function invoke(
  ports: WorkerPorts,
  handle: TaskHandle,
  request: ModelRequest,
  { hold, usd }: Admitted,
): Promise<ModelAnswer> {
  const startedAt = ports.clock.now();
  try {
    return await ports.model.invoke(request);
  } catch (error) {
    const failure = failureOf(error);
    const ms = ports.clock.now() - startedAt;
    ports.report(handle.task, { type: 'model.failed', model: request.model, failureKind: failure.kind, ms });
    // What the provider refused was not billed; of a broken call nobody knows.
    const refused = failure.notBilled ?? (failure.kind === 'throttled' || failure.kind === 'permanent');
    await handle.update((task) => (refused ? releaseCall(task, handle.epoch) : forfeitCall(task, handle.epoch)));
    if (failure.kind === 'throttled') {
      const told = error instanceof FailureError ? error.rateLimits : undefined;
      await ports.governor.throttled(request.model, told, failure.retryAfterMs);
    }
    if (refused) await hold.release();
    else handle.usage.lost(request.model, usd);
    throw error;
  }
}

function reportAnswer(ports: WorkerPorts, handle: TaskHandle, step: ModelStep): void {
  const { model, requestId, usage, usd, savedUsd: saved = 0, startedAt, endedAt } = step;
  const ms = endedAt - startedAt;
  ports.report(handle.task, { type: 'model.answered', model, requestId, usage, usd, savedUsd: saved, ms });
}

function stepOf(
  ports: WorkerPorts,
  handle: TaskHandle,
  answer: ModelAnswer,
  call: {
    readonly index: number;
    readonly startedAt: number;
    readonly model: string;
    readonly upgrade: string | undefined;
    readonly isSummary: boolean;
  },
): ModelStep {
  return {
    kind: 'model',
    taskId: handle.task.id,
    index: call.index,
    epoch: handle.epoch,
    startedAt: call.startedAt,
    endedAt: ports.clock.now(),
    model: answer.model,
    ...(call.upgrade === undefined ? {} : { rise: call.upgrade }),
    ...(call.isSummary ? { isSummary: true } : {}),
    requestId: answer.requestId,
    stopReason: answer.stopReason,
    content: answer.content.filter(isAnswerPart),
    usage: answer.usage,
    usd: costUsd(ports.catalogue, call.model, answer.usage),
    savedUsd: savedUsd(ports.catalogue, call.model, answer.usage),
  };
}
