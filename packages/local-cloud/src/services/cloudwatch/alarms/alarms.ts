import type { OnEvent } from '../../../events.ts';
import { minuteOf, MINUTE_MS } from '../metrics/metric.ts';
import type { ReadMetric } from '../queries/prepare.ts';
import { COMPARISONS } from './alarm.ts';
import type { Alarm, AlarmStatus, CompositeAlarm, MetricAlarm } from './alarm.ts';
import { decide, rangeOf } from './decide.ts';
import type { AlarmState } from './decide.ts';
import { messageOf, subjectOf } from './notice.ts';
import type { Place, Transition } from './notice.ts';
import { reasonDataOf, reasonOf } from './reason.ts';
import type { AlarmRecords, HistoryEntry } from './records.ts';
import { alarmsIn, holds } from './rule.ts';

/** Publishes a message to a topic, for the alarm with this ARN. Rejects when the topic does not take it. */
export type Publish = (topicArn: string, subject: string, message: string, alarmArn: string) => Promise<void>;

export interface AlarmsOptions extends Place {
  readonly records: AlarmRecords;
  readonly read: ReadMetric;
  readonly publish: Publish;
  readonly onEvent: OnEvent;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An alarm with its status. */
export interface WatchedAlarm {
  readonly alarm: Alarm;
  readonly status: AlarmStatus;
}

const DAY_MINUTES = 24 * 60;

/**
 * The alarms of the template.
 *
 * 1. A metric alarm is decided by periods that have ended; the newest one ended with the last full minute. One that looks
 *    at more than a day is decided once an hour, as on AWS.
 * 2. Actions run when the state changes, once for each change, and after it is on disk.
 * 3. A composite alarm is decided after the alarms that it names.
 * 4. A state survives a restart. Alarms that the template no longer has are gone.
 * 5. Nobody sends data while this CloudWatch does not run: before its start, and while the machine sleeps. Of such a time
 *    missing data says nothing, so an alarm that takes it as breaching keeps its state.
 */
export class Alarms {
  readonly #options: AlarmsOptions;
  readonly #alarms = new Map<string, { alarm: Alarm; status: AlarmStatus }>();
  readonly #hours = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  /** The first minute since which this CloudWatch has run without a gap. */
  #runsSince: number;

  constructor(options: AlarmsOptions) {
    this.#options = options;
    this.#runsSince = firstFullMinute(options.now());
  }

  /** CloudWatch runs again after a time in which it did not. */
  resume(): void {
    this.#runsSince = firstFullMinute(this.#options.now());
  }

  /** Adds an alarm, or replaces its definition. It keeps its state. */
  put(alarm: Alarm): void {
    const { records, now } = this.#options;
    const status = records.statusOf(alarm.name) ?? unchecked(now());
    this.#alarms.set(alarm.name, { alarm, status });
  }

  has(name: string): boolean {
    return this.#alarms.has(name);
  }

  remove(name: string): void {
    this.#alarms.delete(name);
    this.#options.records.remove(name);
  }

  find(name: string): WatchedAlarm | undefined {
    return this.#alarms.get(name);
  }

  all(): readonly WatchedAlarm[] {
    return [...this.#alarms.values()];
  }

  /** Decides every alarm. */
  evaluate(): void {
    const at = this.#options.now();
    for (const { alarm, status } of this.#alarms.values())
      if (alarm.kind === 'metric' && this.#isDue(alarm, at)) this.#evaluateMetric(alarm, status.state, at);
    // Composite alarms come after those that they name: a template cannot name them in another order.
    for (const { alarm, status } of this.#alarms.values())
      if (alarm.kind === 'composite') this.#evaluateComposite(alarm, status.state, at);
  }

  /** Sets a state until the next evaluation, and runs its actions. */
  set(name: string, state: AlarmState, reason: string, reasonData = ''): void {
    const found = this.#alarms.get(name);
    if (found === undefined) return;
    this.#change(found.alarm, state, reason, reasonData, this.#options.now());
  }

  /** Resolves when every action that has begun has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #isDue({ name, period, evaluationPeriods }: MetricAlarm, at: number): boolean {
    if (period * evaluationPeriods <= DAY_MINUTES) return true;
    const hour = Math.floor(minuteOf(at) / 60);
    if (this.#hours.get(name) === hour) return false;
    this.#hours.set(name, hour);
    return true;
  }

  #evaluateMetric(alarm: MetricAlarm, before: AlarmState, at: number): void {
    const { period, evaluationPeriods, prepared, watched, threshold } = alarm;
    const count = rangeOf(evaluationPeriods);
    const from = minuteOf(at) - count * period;
    const value = prepared.compute(watched, { from, period, count }, this.#options.read);
    const points = value.kind === 'series' ? value.points : [];
    const compare = COMPARISONS[alarm.comparison];
    const range = Array.from({ length: count }, (_, index) => {
      const point = points[index];
      return point === undefined ? undefined : compare(point, threshold);
    });
    const isBlind = minuteOf(at) - evaluationPeriods * period < this.#runsSince;
    const missing = isBlind && alarm.missing === 'breaching' ? 'ignore' : alarm.missing;
    const decision = decide(range, { ...alarm, missing });
    if (decision.state === 'retain' || decision.state === before) return;
    const evaluated = { decision, state: decision.state, points, from, at };
    this.#change(alarm, decision.state, reasonOf(alarm, evaluated), reasonDataOf(alarm, evaluated), at);
  }

  #evaluateComposite(alarm: CompositeAlarm, before: AlarmState, at: number): void {
    const stateOf = (name: string): AlarmState => this.#alarms.get(name)?.status.state ?? 'INSUFFICIENT_DATA';
    const state = holds(alarm.rule, stateOf) ? 'ALARM' : 'OK';
    if (state === before) return;
    const children = alarmsIn(alarm.rule).map((name) => `${name} is ${stateOf(name)}`);
    const reason = `The rule is ${state === 'ALARM' ? 'true' : 'false'}: ${children.join(', ') || 'it names no alarm'}.`;
    this.#change(alarm, state, reason, '', at);
  }

  #change(alarm: Alarm, state: AlarmState, reason: string, reasonData: string, at: number): void {
    const { records, onEvent } = this.#options;
    const found = this.#alarms.get(alarm.name);
    const before = found?.status ?? unchecked(at);
    const since = state === before.state ? before.since : at;
    const status = { state, reason, reasonData, since, updatedAt: at };
    records.save(alarm.name, status, state === before.state ? [] : [updateEntry(alarm, before, status)]);
    this.#alarms.set(alarm.name, { alarm, status });
    if (state === before.state) return;
    const { name, description = '' } = alarm;
    onEvent({ code: 'alarm.changed', alarm: name, from: before.state, to: state, reason, description });
    this.#act({ alarm, before: before.state, status });
  }

  #act(transition: Transition): void {
    const { alarm, status } = transition;
    if (!alarm.actionsEnabled) return;
    for (const topic of new Set(alarm.actions[status.state])) {
      const done = this.#publish(topic, transition).finally(() => this.#running.delete(done));
      this.#running.add(done);
    }
  }

  async #publish(topic: string, transition: Transition): Promise<void> {
    const { publish, records, onEvent, now } = this.#options;
    const { alarm } = transition;
    const child = (name: string) => {
      const found = this.#alarms.get(name);
      return found === undefined ? undefined : { arn: found.alarm.arn, status: found.status };
    };
    const entry = (outcome: string): HistoryEntry => ({
      alarm: alarm.name,
      at: now(),
      type: 'Action',
      summary: `${outcome} action ${topic}`,
      data: JSON.stringify({ actionState: outcome, notificationResource: topic }),
    });
    try {
      const message = messageOf(transition, this.#options, child);
      await publish(topic, subjectOf(transition, this.#options), message, alarm.arn);
      records.append(entry('Successfully executed'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      records.append(entry('Failed to execute'));
      onEvent({ code: 'alarm.action-failed', alarm: alarm.name, action: topic, reason });
    }
  }
}

const firstFullMinute = (at: number): number => minuteOf(at + MINUTE_MS - 1);

const unchecked = (at: number): AlarmStatus => ({
  state: 'INSUFFICIENT_DATA',
  reason: 'Unchecked: Initial alarm creation',
  reasonData: '',
  since: at,
  updatedAt: at,
});

function updateEntry({ name }: Alarm, before: AlarmStatus, status: AlarmStatus): HistoryEntry {
  const part = ({ state, reason, reasonData }: AlarmStatus): object => ({
    stateValue: state,
    stateReason: reason,
    ...(reasonData !== '' && { stateReasonData: JSON.parse(reasonData) as unknown }),
  });
  return {
    alarm: name,
    at: status.updatedAt,
    type: 'StateUpdate',
    summary: `Alarm updated from ${before.state} to ${status.state}`,
    data: JSON.stringify({ version: '1.0', oldState: part(before), newState: part(status) }),
  };
}
