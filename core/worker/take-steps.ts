import { nextAction, type ModelCall, type ToolCall } from '../agents/conversation.ts';
import type { Agent, Salvaged } from '../agents/define-agent.ts';
import { failureOf } from '../failures/failure.ts';
import type { Session } from '../sessions/session.ts';
import { plainTurn, turnOf, type Said } from '../sessions/turn.ts';
import { mustWait, type CallRefusal } from '../spending/refusal.ts';
import { UnreadableRecord } from '../stored/record.ts';
import { DEADLINE } from '../tasks/finish.ts';
import { readInput } from '../tasks/input.ts';
import type { Step, ToolStep } from '../tasks/step.ts';
import { callModel } from './call-model.ts';
import { callTool } from './call-tool.ts';
import { delegateTasks } from './delegate-tasks.ts';
import type { WorkerPorts } from './ports.ts';
import { resume } from './resume.ts';
import { withSummaryOfOld } from './summarise.ts';
import { ClaimLost, type TaskHandle } from './task-handle.ts';
import type { NotNow, TurnEnd } from './turn-end.ts';

/** A step needs at least this much time: most model calls end within 20 s. */
const MIN_STEP_MS = 20_000;
/** Kept back after a call for the writes that record it. */
const RESERVE_MS = 5_000;

/**
 * Takes steps from where the task stands until it ends, fails or must yield. Throws `ClaimLost` and `UnreadableRecord`.
 * @param session the conversation it goes on from
 */
export async function takeSteps(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  timeLeftMs: () => number,
  session: Session | null,
): Promise<TurnEnd> {
  try {
    const { tenant, deadline } = handle.task;
    const input = await readInput(ports.artifacts, handle.task);
    // What it fetches or stores is done for one worker only, and counts as a crash if it kills that.
    if (agent.hasServices) await handle.writeClaim();
    const [prepared, finished] = await Promise.all([
      agent.prepare(input, { artifacts: ports.artifacts, tenant, deadline }),
      resume(ports, handle),
    ]);
    let steps: readonly Step[] = finished;
    const of = (steps: readonly Step[]) => ({ ports, agent, handle, input, session, steps, timeLeftMs });
    for (;;) {
      const stop = whyStop(handle);
      if (stop) return stop;
      const action = nextAction(agent, prepared, steps, session?.turns);
      if (action.kind === 'finish') {
        if (prepared.answer) ports.report(handle.task, { type: 'answer.by-code' });
        return await goodEnd(of(steps), action);
      }
      handle.storeOwed();
      if (action.kind === 'fail') return { kind: 'failed', failure: action.failure };
      if (timeLeftMs() < MIN_STEP_MS) return outOfTime(ports);
      const step =
        action.kind === 'call-model'
          ? await affordedCall(ports, agent, handle, { action, steps }, timeLeftMs() - RESERVE_MS)
          : await toolCall(ports, agent, handle, action);
      if ('output' in step) return await goodEnd(of(steps), step);
      if (step.kind === 'waits' || step.kind === 'failed') return whyStop(handle) ?? step;
      steps = [...steps, step];
    }
  } catch (error) {
    if (error instanceof ClaimLost || error instanceof UnreadableRecord) throw error;
    return whyStop(handle) ?? { kind: 'failed', failure: failureOf(error) };
  }
}

/** A tool that plans tasks delegates them instead of running. */
function toolCall(ports: WorkerPorts, agent: Agent, handle: TaskHandle, call: ToolCall): Promise<ToolStep | NotNow> {
  const plans = agent.tools.some((tool) => tool.name === call.tool && tool.plan);
  return plans ? delegateTasks(ports, agent, handle, call) : callTool(ports, agent, handle, call);
}

/** How the task ends now, whatever its step came to. A request to cancel is first. */
function whyStop(handle: TaskHandle): TurnEnd | null {
  if (handle.cancelRequested) return { kind: 'cancelled' };
  return handle.isPastDeadline ? { kind: 'failed', failure: DEADLINE } : null;
}

/** What a task ends with. */
interface Ended {
  readonly ports: WorkerPorts;
  readonly agent: Agent;
  readonly handle: TaskHandle;
  readonly input: unknown;
  readonly session: Session | null;
  readonly steps: readonly Step[];
  readonly timeLeftMs: () => number;
}

async function goodEnd(ended: Ended, { output, warnings }: Salvaged): Promise<TurnEnd> {
  const handOver = ended.agent.escalate(output);
  const inSession = ended.session ? { turn: await turnIn(ended, ended.session, output) } : {};
  return handOver
    ? { kind: 'escalated', ...handOver, output, ...inSession }
    : { kind: 'succeeded', output, warnings, ...inSession };
}

async function turnIn({ ports, agent, handle, input, steps, timeLeftMs }: Ended, session: Session, output: unknown) {
  const turn = turnOf(said(agent, input, output), session.policy.tokenLimit);
  const timeoutMs = timeLeftMs() < MIN_STEP_MS ? 0 : timeLeftMs() - RESERVE_MS;
  return withSummaryOfOld(ports, agent, handle, { session, turn, steps, timeoutMs });
}

/** An error in the agent's own `turn` does not lose the answer. */
function said(agent: Agent, input: unknown, output: unknown): Said {
  try {
    return agent.turn(input, output);
  } catch {
    return plainTurn(input, output);
  }
}

const outOfTime = ({ clock }: WorkerPorts): TurnEnd =>
  mustWait({ cause: 'yielded', until: clock.now(), reason: 'The invocation has little time left.' });

/** Makes the call, or falls back to the earlier answer if no budget has room for it. */
async function affordedCall(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  { action, steps }: { readonly action: ModelCall; readonly steps: readonly Step[] },
  timeoutMs: number,
): Promise<Step | Salvaged | CallRefusal> {
  reportCall(ports, handle, action, steps);
  const step = await callModel(ports, agent, handle, action, timeoutMs);
  const { otherwise, tier } = action;
  if (step.kind !== 'failed' || step.failure.kind !== 'over-budget' || !otherwise) return step;
  return { ...otherwise, warnings: [...otherwise.warnings, `The budget had no room for a call of the ${tier} tier.`] };
}

/** A model call that follows a final answer is a repair, or the first at a higher tier. */
function reportCall(
  ports: WorkerPorts,
  handle: TaskHandle,
  { tier, upgrade }: ModelCall,
  steps: readonly Step[],
): void {
  const last = steps.at(-1);
  if (upgrade !== undefined) ports.report(handle.task, { type: 'task.upgraded', to: tier, reason: upgrade });
  else if (last?.kind === 'model' && last.stopReason !== 'tool-use')
    ports.report(handle.task, { type: 'answer.refused' });
}
