import type { Agent } from '../agents/define-agent.ts';
import { FailureError } from '../failures/failure.ts';
import type { Session } from '../sessions/session.ts';
import { givingWay, summaryFrom, summaryRequest } from '../sessions/summary.ts';
import type { Turn } from '../sessions/turn.ts';
import type { ModelStep, Step } from '../tasks/step.ts';
import { callModel } from './call-model.ts';
import type { WorkerPorts } from './ports.ts';
import { ClaimLost, type TaskHandle } from './task-handle.ts';

/** What a summary is made from, and by when. */
interface Ending {
  readonly session: Session;
  /** How the task that ends reads in its session. */
  readonly turn: Turn;
  readonly steps: readonly Step[];
  /** Milliseconds that a call may take; below zero there is no time for one. */
  readonly timeoutMs: number;
}

const CANCELLED = { kind: 'permanent', reason: 'The task was cancelled while its session was summarized.' } as const;

/**
 * A turn that is added to a full session, with a summary of the oldest ones that give way to it, where the agent wants
 * one. Made by the cheap tier as a step of the task that ends, so it is reserved like any other and not paid for twice.
 * What keeps it from being made (a budget, a rate limit, a failure) holds up no answer: the oldest turns are dropped then.
 */
export async function withSummaryOfOld(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  { session, turn, steps, timeoutMs }: Ending,
): Promise<Turn> {
  const gone = agent.sessionOverflow === 'summarise' ? givingWay(session, turn) : [];
  if (gone.length === 0) return turn;
  const { tokenLimit } = session.policy;
  const made = steps.find((step) => step.kind === 'model' && step.isSummary === true) as ModelStep | undefined;
  const step = made ?? (timeoutMs > 0 ? await ask() : null);
  const summary = step && summaryFrom(step, gone, tokenLimit);
  return summary ? { ...turn, summary } : turn;

  async function ask(): Promise<ModelStep | null> {
    const { messages, ...instead } = summaryRequest(gone, tokenLimit);
    const call = {
      kind: 'call-model',
      messages,
      tier: 'fast',
      otherwise: null,
      searched: 0,
      summary: instead,
    } as const;
    handle.storeOwed();
    try {
      const step = await callModel(ports, agent, handle, call, timeoutMs);
      if (step.kind === 'model') return step;
      // A refusal while a cancel waits ends the turn, like a failure does: it must not end as a success.
      if (handle.cancelRequested) throw new FailureError(CANCELLED);
      return null;
    } catch (error) {
      // The answer is there, so a deadline that passes meanwhile costs the summary alone.
      const drops = error instanceof FailureError || handle.isPastDeadline;
      if (drops && !handle.cancelRequested && !(error instanceof ClaimLost)) return null;
      throw error;
    }
  }
}
