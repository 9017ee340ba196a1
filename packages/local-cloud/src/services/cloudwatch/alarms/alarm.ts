import type { Prepared } from '../queries/prepare.ts';
import type { MetricDataQuery } from '../queries/query.ts';
import type { AlarmState, DecisionRules } from './decide.ts';
import type { AlarmRule } from './rule.ts';

export const COMPARISONS = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
} as const satisfies Record<string, (value: number, threshold: number) => boolean>;

export type Comparison = keyof typeof COMPARISONS;

interface AnyAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly actionsEnabled: boolean;
  /** ARNs of topics, by the state into which the alarm changes. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
}

/** An alarm on a metric or on a metric math expression. */
export interface MetricAlarm extends AnyAlarm, DecisionRules {
  readonly kind: 'metric';
  /** As in the template: one metric of the alarm itself, or several queries of which one returns data. */
  readonly queries: readonly MetricDataQuery[];
  readonly isExpression: boolean;
  readonly prepared: Prepared;
  /** The id of the query that the alarm watches. */
  readonly watched: string;
  /** Minutes. */
  readonly period: number;
  readonly threshold: number;
  readonly comparison: Comparison;
}

/** An alarm on the states of other alarms. */
export interface CompositeAlarm extends AnyAlarm {
  readonly kind: 'composite';
  readonly rule: AlarmRule;
  /** The rule as in the template. */
  readonly ruleText: string;
}

export type Alarm = MetricAlarm | CompositeAlarm;

/** The state of an alarm, and since when. */
export interface AlarmStatus {
  readonly state: AlarmState;
  readonly reason: string;
  /** JSON text with the details of the decision, as on AWS. */
  readonly reasonData: string;
  /** When the alarm got this state, in milliseconds since 1970. */
  readonly since: number;
  /** When the reason changed, which can be later. */
  readonly updatedAt: number;
}
