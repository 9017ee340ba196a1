import type { Actor, Host } from './actor.ts';
import type { Chance } from './chance.ts';
import type { Plan } from './plan.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

/** What a machine and the simulated services see of the world they are in. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly plan: Plan;
  /** Decides what goes wrong, and when. */
  readonly chance: Chance;
  readonly trace: Trace;
  /** Those that run. */
  readonly machines: Set<Host>;
  /** Requests that left and did not take effect yet. */
  inFlight: number;
  /** Calls of ports made so far. */
  calls: number;
  /** Whether things may still go wrong. */
  readonly faulty: boolean;
  died(machine: Host): void;
  /** A call failed that the other side did not refuse. */
  rejected(actor: Actor, op: string): void;
}
