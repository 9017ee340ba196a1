import type { TaskId } from '#core/tasks/task.ts';
import type { Clock } from '#core/ports/clock.ts';

export type Role = 'worker' | 'sweeper' | 'burial' | 'client' | 'operator' | 'intake';

/** The machine that an actor works on. */
export interface Host {
  readonly name: string;
  readonly clock: Clock;
  readonly alive: boolean;
  /** What went wrong around this machine so far: a healthy worker has none. */
  readonly faults: number;
  /** Its clock was wrong. */
  readonly jumped: boolean;
  request<Result>(actor: Actor, op: string, effect: (faults: number) => Result): Promise<Result>;
  after(ms: number, wake: () => void): void;
  die(why: string): void;
}

/** One piece of work on a machine, such as one message of a batch: who did what, as the checks need to know it. */
export class Actor {
  readonly machine: Host;
  readonly role: Role;
  readonly name: string;
  /** When it began, in observations. */
  readonly since: number;
  /** When its time is up, in simulated time; null where it has no limit. */
  readonly endsAt: number | null;
  /** The latest time its clock has shown: what its decisions can rest on. */
  latest = 0;
  /** It wrote a task that was to be cancelled, so that it knows. */
  sawCancel = false;
  /** The claims it made. */
  readonly epochs = new Map<TaskId, number>();
  /** The step it reserved last, of each task. */
  readonly reserved = new Map<TaskId, number>();
  /** Tasks it sent a message for. */
  readonly sent = new Set<TaskId>();
  /** Failures shown to it that are no throttle. */
  failures = 0;
  /** The store, the queue or the waiters failed it: it may not have been able to say how its work ended. */
  hindered = false;
  /** A failure that no retry can mend was shown to it. */
  sawPermanent = false;
  /** A day's budget had no room for its call. */
  dayRefused = false;
  /** What the provider counted last. */
  counted: number | null = null;
  /** When the provider asked it to wait, and until when, by its own clock. */
  throttledUntil: number | null = null;

  readonly clock: Clock = {
    now: () => {
      const now = this.machine.clock.now();
      this.latest = Math.max(this.latest, now);
      return now;
    },
    elapsed: () => this.machine.clock.elapsed(),
    every: (intervalMs, action) => this.machine.clock.every(intervalMs, action),
  };

  constructor(machine: Host, role: Role, name: string, since: number, endsAt: number | null = null) {
    this.machine = machine;
    this.role = role;
    this.name = name;
    this.since = since;
    this.endsAt = endsAt;
  }

  /** Calls a port: a scheduling point, where the seed may let anything happen. */
  call<Result>(op: string, effect: (faults: number) => Result): Promise<Result> {
    return this.machine.request(this, op, effect);
  }
}
