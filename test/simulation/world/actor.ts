import type { TaskId } from '#core/tasks/task-id.ts';
import type { Clock } from '#core/ports/clock.ts';

export type Role =
  | 'worker'
  | 'sweeper'
  | 'burial'
  | 'client'
  | 'operator'
  | 'intake'
  | 'collector'
  | 'settler'
  | 'person'
  | 'courier'
  | 'router';

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

/** One piece of work on a machine, such as one message of a batch, with the facts that the checks need. */
export class Actor {
  readonly machine: Host;
  readonly role: Role;
  readonly name: string;
  /** When it began, in observations. */
  readonly since: number;
  /** When its time limit ends, in simulated time. Null without a limit. */
  readonly endsAt: number | null;
  /** The latest time its clock has shown, on which its decisions may depend. */
  latest = 0;
  /** It wrote a task with a cancellation request, so it knows of the request. */
  sawCancel = false;
  /** The claims it made. */
  readonly epochs = new Map<TaskId, number>();
  /** The task of its message. */
  task: TaskId | null = null;
  /** Whether its message was delivered for the first time. */
  isFirst = false;
  /** When it first read a task, in simulated milliseconds, and whether a sweeper had sent it again by then. */
  readonly firstRead = new Map<TaskId, { readonly at: number; readonly resent: boolean }>();
  /** The last step it reserved, by task. */
  readonly reserved = new Map<TaskId, number>();
  /** Tasks it sent a message for. */
  readonly sent = new Set<TaskId>();
  /** Failures it received, other than throttling. */
  failures = 0;
  /** A call to the store, the queue or the waiters failed, so it may not have reported how its work ended. */
  hindered = false;
  /** It received a permanent failure. */
  sawPermanent = false;
  /** A day budget had no room for its call. */
  dayRefused = false;
  /** What the last one that had no room would have had to hold, and the most it may hold. */
  dayRefusal: { readonly usd: number; readonly mostUsd: number } | null = null;
  /** A call that was to put a session in short failed, or was refused. */
  summaryFailed = false;
  /** The provider's last token count. */
  counted: number | null = null;
  /** Until when the provider asked it to wait, by its own clock. */
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

  /** The tasks that it works on, whether or not it has written its claim. */
  get worksOn(): ReadonlySet<TaskId> {
    return new Set([...this.epochs.keys(), ...(this.task === null ? [] : [this.task])]);
  }

  /** Calls a port. Each call is a scheduling point, where the seed may inject a fault. */
  call<Result>(op: string, effect: (faults: number) => Result): Promise<Result> {
    return this.machine.request(this, op, effect);
  }
}
