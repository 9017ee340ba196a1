import type { Actor, Host } from './actor.ts';
import type { Chance } from './chance.ts';
import type { Plan } from './plan.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

/** The world as its machines and simulated services see it. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly plan: Plan;
  /** Decides which faults occur, and when. */
  readonly chance: Chance;
  readonly trace: Trace;
  /** The running machines. */
  readonly machines: Set<Host>;
  /** Requests that were sent and have not taken effect yet. */
  inFlight: number;
  /** Port calls made so far. */
  calls: number;
  /** Whether faults may still occur. */
  readonly faulty: boolean;
  died(machine: Host): void;
  /** A call failed because of a simulated fault. */
  rejected(actor: Actor, op: string): void;
}
