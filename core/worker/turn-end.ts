import type { HandOver } from '../agents/define-agent.ts';
import type { Turn } from '../sessions/turn.ts';
import type { CallRefusal } from '../spending/refusal.ts';

/** Why a task does not go on in this turn. */
export type NotNow = CallRefusal & {
  /**
   * Called once the task is parked: whoever freed it just before found it still running and woke nobody, so what it
   * waits for is read once more.
   */
  readonly recheck?: () => Promise<void>;
};

/** How a worker's turn on a task ended. */
export type TurnEnd =
  | ({ readonly kind: 'succeeded'; readonly output: unknown; readonly warnings: readonly string[] } & InSession)
  | ({ readonly kind: 'escalated'; readonly output: unknown } & HandOver & InSession)
  | { readonly kind: 'cancelled' }
  | NotNow;

interface InSession {
  /** How it reads in its session, if it has one. */
  readonly turn?: Turn;
}
