import type { MetricQuery } from './metric-reader.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** How an alarm judges its metric. */
export interface AlarmRule {
  /** The metrics of the alarm. The one that is not hidden is compared with the threshold. */
  readonly queries: readonly MetricQuery[];
  /** Seconds. */
  readonly period: number;
  readonly threshold: number;
  /** As in CloudWatch, such as `GreaterThanOrEqualToThreshold`. */
  readonly comparison: string;
  /** How many periods are evaluated. */
  readonly evaluationPeriods: number;
  /** How many of them must breach the threshold. */
  readonly datapointsToAlarm: number;
  /** What a missing period counts as, as in CloudWatch. */
  readonly missing: string;
}

/** An alarm of the fleet. Times are milliseconds since the epoch. */
export interface FleetAlarm {
  readonly name: string;
  readonly description: string;
  readonly state: AlarmState;
  /** When it got this state. */
  readonly since: number;
  /** Why it has this state, in CloudWatch's words. */
  readonly reason: string;
  /** Undefined for a composite alarm. */
  readonly rule: AlarmRule | undefined;
  /** The rule of a composite alarm, over the states of others. */
  readonly composite: string | undefined;
}

/** A change of an alarm's state. */
export interface AlarmChange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly summary: string;
}

/** A change of an alarm's state, with both states. */
export interface StateChange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly before: AlarmState;
  readonly after: AlarmState;
}

/** Reads the fleet's alarms. */
export interface AlarmReader {
  /** All alarms of the fleet. */
  alarms(): Promise<readonly FleetAlarm[]>;
  /** One of them. Null when it is not the fleet's or does not exist. */
  alarm(name: string): Promise<FleetAlarm | null>;
  /** The newest changes of an alarm's state, newest first. */
  changes(name: string, limit: number): Promise<readonly AlarmChange[]>;
  /** The first changes of an alarm's state since a time (milliseconds), oldest first. CloudWatch keeps 30 days. */
  changesSince(name: string, since: number, limit: number): Promise<readonly StateChange[]>;
}
