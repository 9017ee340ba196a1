import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { OnEvent } from '../../events.ts';
import { JsonFile } from '../json-file.ts';
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
  /** What Scheduler's API tells of it; a rule has none. */
  readonly definition?: ScheduleDefinition;
}

/** A schedule as Scheduler's API returns it, except for its dates. */
export interface ScheduleDefinition extends Readonly<Record<string, unknown>> {
  readonly Arn: string;
  readonly Name: string;
  readonly GroupName: string;
  /** As the template says. */
  readonly State: ScheduleState;
}

export type ScheduleState = 'ENABLED' | 'DISABLED';

const changedStates = z.record(z.string(), z.enum(['ENABLED', 'DISABLED']));

/**
 * A rate counts from this second of a minute. AWS does not say from which it counts. Here alarms are decided when a minute
 * ends, so what a function measures once a minute is soon seen.
 */
const RATE_SECOND_MS = 45_000;
const MINUTE_MS = 60_000;
/** The nearest such second. A rate of a minute first fires half a minute to one and a half after the start. */
const rateStart = (now: number): number => Math.round((now - RATE_SECOND_MS) / MINUTE_MS) * MINUTE_MS + RATE_SECOND_MS;

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
  /** The states that callers set, by ARN. As on AWS, they outlast a restart; a template applies them again only if it changes. */
  readonly #file: JsonFile<typeof changedStates>;
  readonly #changed: Record<string, ScheduleState>;

  /** @param dataDir the folder of `states.json`; without one, changed states are kept in memory. */
  constructor(call: CallService, onEvent: OnEvent, dataDir?: string) {
    this.#call = call;
    this.#onEvent = onEvent;
    this.#file = new JsonFile(dataDir === undefined ? undefined : join(dataDir, 'states.json'), changedStates);
    this.#changed = this.#file.load() ?? {};
  }

  /** Throws `ValidationException` for an invalid expression. */
  add(schedule: Schedule, caller: Caller): void {
    timing(schedule.expression, schedule.timezone, Date.now());
    this.#schedules.push({ schedule, caller });
  }

  /** Scheduler's own schedules, by name. */
  list(): readonly ScheduleDefinition[] {
    return this.#schedules
      .flatMap(({ schedule: { definition } }) => (definition === undefined ? [] : [definition]))
      .map((definition) => ({ ...definition, State: this.#changed[definition.Arn] ?? definition.State }))
      .toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  }

  /** A disabled schedule does not fire. Its times meanwhile are skipped. */
  setState(arn: string, state: ScheduleState): void {
    this.#changed[arn] = state;
    this.#file.save(this.#changed);
  }

  start(): void {
    for (const { schedule, caller } of this.#schedules) {
      const times = timing(schedule.expression, schedule.timezone, rateStart(Date.now()));
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
        if (this.#isEnabled(schedule))
          this.#fire(schedule, lastMissed(times, due, Math.min(Date.now(), schedule.until ?? Infinity)), caller);
        this.#wait(schedule, times, caller);
      } else {
        const waitMs = Math.min(MAX_WAIT_MS, due - Date.now());
        this.#timers.set(schedule.arn, setTimeout(tick, waitMs).unref());
      }
    };
    tick();
  }

  #isEnabled({ arn, definition }: Schedule): boolean {
    return (this.#changed[arn] ?? definition?.State ?? 'ENABLED') === 'ENABLED';
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
