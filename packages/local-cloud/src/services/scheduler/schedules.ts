import { randomUUID } from 'node:crypto';
import type { OnEvent } from '../../events.ts';
import type { Caller, CallService } from '../service.ts';
import { timing } from './expression.ts';
import type { Timing } from './expression.ts';
import { deliver } from './targets.ts';
import type { Target } from './targets.ts';

/** One schedule, from an EventBridge rule or from EventBridge Scheduler. */
export interface Schedule {
  readonly arn: string;
  readonly name: string;
  /** `rate(…)`, `cron(…)` or `at(…)`. */
  readonly expression: string;
  /** An IANA time zone. Rules have none and use UTC. */
  readonly timezone: string;
  /** The schedule fires neither before `from` nor after `until`; ms since 1970. */
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly targets: readonly Target[];
  /** The event for a target without its own input. */
  event(firedAt: number): object;
}

/** A timer stands still while the machine sleeps, so the clock is read again at least this often. */
const MAX_WAIT_MS = 30_000;

/**
 * All schedules of the cloud. They fire after `start`. Times missed while the cloud was down are skipped. After a sleep of
 * the machine a schedule that missed times fires once, for the last of them.
 */
export class Schedules {
  readonly #call: CallService;
  readonly #onEvent: OnEvent;
  readonly #schedules: { readonly schedule: Schedule; readonly caller: Caller }[] = [];
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(call: CallService, onEvent: OnEvent) {
    this.#call = call;
    this.#onEvent = onEvent;
  }

  /** Throws `ValidationException` for an invalid expression. */
  add(schedule: Schedule, caller: Caller): void {
    timing(schedule.expression, schedule.timezone, Date.now());
    this.#schedules.push({ schedule, caller });
  }

  start(): void {
    for (const { schedule, caller } of this.#schedules) {
      const times = timing(schedule.expression, schedule.timezone, Date.now());
      this.#wait(schedule, times, caller);
    }
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(schedule: Schedule, times: Timing, caller: Caller): void {
    const due = times.next(Math.max(Date.now(), (schedule.from ?? 0) - 1));
    if (due === undefined || due > (schedule.until ?? Infinity)) return;
    const tick = (): void => {
      if (Date.now() >= due) {
        this.#fire(schedule, lastMissed(times, due, Math.min(Date.now(), schedule.until ?? Infinity)), caller);
        this.#wait(schedule, times, caller);
      } else {
        const waitMs = Math.min(MAX_WAIT_MS, due - Date.now());
        this.#timers.set(schedule.arn, setTimeout(tick, waitMs).unref());
      }
    };
    tick();
  }

  #fire(schedule: Schedule, firedAt: number, caller: Caller): void {
    const execution = { id: randomUUID(), scheduleArn: schedule.arn, firedAt };
    for (const target of schedule.targets) {
      const details = { schedule: schedule.name, target: target.arn };
      deliver(target, schedule.event(firedAt), execution, caller, this.#call)
        .then(() => this.#onEvent({ code: 'schedule.fired', ...details }))
        .catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          this.#onEvent({ code: 'schedule.failed', ...details, reason });
        });
    }
  }
}

/** The last time at or before `now`; `due` is one of them. */
function lastMissed(times: Timing, due: number, now: number): number {
  let last = due;
  for (let next: number | undefined = due; next !== undefined && next <= now; next = times.next(next)) last = next;
  return last;
}
