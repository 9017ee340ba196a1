import { randomUUID } from 'node:crypto';
import type { OnEvent } from '../../events.ts';
import type { Caller, CallService } from '../service.ts';
import { timing } from './expression.ts';
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

/** The maximum delay of a Node timer. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** All schedules of the cloud. They fire after `start`. Times missed while the cloud was down are skipped. */
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
      this.#wait(schedule, () => times.next(Math.max(Date.now(), (schedule.from ?? 0) - 1)), caller);
    }
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(schedule: Schedule, next: () => number | undefined, caller: Caller): void {
    const due = next();
    if (due === undefined || due > (schedule.until ?? Infinity)) return;
    const tick = (): void => {
      if (Date.now() >= due) {
        this.#fire(schedule, due, caller);
        this.#wait(schedule, next, caller);
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
