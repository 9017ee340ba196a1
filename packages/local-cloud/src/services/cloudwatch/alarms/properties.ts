import { z } from 'zod';
import { MathError } from '../math/errors.ts';
import { prepare } from '../queries/prepare.ts';
import { dimensionsSchema, metricDataQuerySchema, periodSchema } from '../queries/query.ts';
import type { MetricDataQuery } from '../queries/query.ts';
import { COMPARISONS } from './alarm.ts';
import type { Alarm, Comparison, CompositeAlarm, MetricAlarm } from './alarm.ts';
import { parseRule, RuleError } from './rule.ts';

const truth = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const whole = z.coerce.number().int().min(1);
const comparisons = Object.keys(COMPARISONS) as [Comparison, ...Comparison[]];
const topics = z
  .array(z.string().regex(/^arn:aws:sns:/, 'only topics of SNS are supported as actions'))
  .max(5)
  .default([]);

const common = {
  AlarmName: z.string().max(255).optional(),
  AlarmDescription: z.string().max(1_024).optional(),
  ActionsEnabled: truth.default(true),
  AlarmActions: topics,
  OKActions: topics,
  InsufficientDataActions: topics,
  /** Tags have no effect here. */
  Tags: z.unknown().optional(),
};

/** The properties of `AWS::CloudWatch::Alarm`. Those of anomaly detection and Metrics Insights are rejected. */
export const metricAlarmSchema = z.strictObject({
  ...common,
  ComparisonOperator: z.enum(comparisons),
  DatapointsToAlarm: whole.optional(),
  Dimensions: dimensionsSchema,
  /** `ignore` would need the number of samples that are enough. */
  EvaluateLowSampleCountPercentile: z.literal('evaluate').optional(),
  EvaluationPeriods: whole,
  ExtendedStatistic: z.string().optional(),
  MetricName: z.string().optional(),
  Metrics: z.array(metricDataQuerySchema).max(10).optional(),
  Namespace: z.string().optional(),
  Period: periodSchema.optional(),
  Statistic: z.string().optional(),
  Threshold: z.coerce.number(),
  TreatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
});

/** The properties of `AWS::CloudWatch::CompositeAlarm`. An `ActionsSuppressor` is rejected. */
export const compositeAlarmSchema = z.strictObject({ ...common, AlarmRule: z.string() });

export type MetricAlarmProperties = z.output<typeof metricAlarmSchema>;
export type CompositeAlarmProperties = z.output<typeof compositeAlarmSchema>;

/** The name and ARN of an alarm. */
export interface AlarmNames {
  readonly name: string;
  readonly arn: string;
}

/** An alarm that is not valid or needs what the local CloudWatch does not have. The message does not name the alarm. */
export class AlarmError extends Error {}

/** Longest time that an alarm looks at, in minutes: seven days, and one day if its period is below an hour. */
const MAX_LONG = 7 * 24 * 60;
const MAX_SHORT = 24 * 60;

/** Throws `AlarmError`. */
export function metricAlarm(properties: MetricAlarmProperties, names: AlarmNames): MetricAlarm {
  const { EvaluationPeriods: evaluationPeriods, DatapointsToAlarm: datapointsToAlarm = evaluationPeriods } = properties;
  if (datapointsToAlarm > evaluationPeriods)
    throw new AlarmError('DatapointsToAlarm must be at most EvaluationPeriods');
  const isExpression = properties.Metrics !== undefined;
  const queries = properties.Metrics ?? [ownMetric(properties)];
  const prepared = explained(() => prepare(queries));
  const [watched, ...others] = prepared.returned;
  if (watched === undefined || others.length > 0)
    throw new AlarmError('exactly one of its Metrics must have ReturnData: true');
  const { period } = prepared;
  if (period === undefined) throw new AlarmError('it needs at least one metric');
  if (period * evaluationPeriods > (period < 60 ? MAX_SHORT : MAX_LONG))
    throw new AlarmError(
      'Period × EvaluationPeriods must be at most a day, or seven days with a period of an hour or more',
    );
  return {
    kind: 'metric',
    ...names,
    ...described(properties),
    queries,
    isExpression,
    prepared,
    watched,
    period,
    evaluationPeriods,
    datapointsToAlarm,
    threshold: properties.Threshold,
    comparison: properties.ComparisonOperator,
    // Alarms on metrics of DynamoDB ignore missing data whatever they say:
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    missing: isOfDynamoDb(queries) ? 'ignore' : properties.TreatMissingData,
  };
}

/** Throws `AlarmError`. */
export function compositeAlarm(properties: CompositeAlarmProperties, names: AlarmNames): CompositeAlarm {
  const ruleText = properties.AlarmRule;
  const rule = explained(() => parseRule(ruleText));
  return { kind: 'composite', ...names, ...described(properties), rule, ruleText };
}

function described(
  properties: MetricAlarmProperties | CompositeAlarmProperties,
): Pick<Alarm, 'description' | 'actionsEnabled' | 'actions'> {
  return {
    description: properties.AlarmDescription,
    actionsEnabled: properties.ActionsEnabled,
    actions: {
      ALARM: properties.AlarmActions,
      OK: properties.OKActions,
      INSUFFICIENT_DATA: properties.InsufficientDataActions,
    },
  };
}

function ownMetric(properties: MetricAlarmProperties): MetricDataQuery {
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic } = properties;
  const Stat = Statistic ?? ExtendedStatistic;
  if (Namespace === undefined || MetricName === undefined || Period === undefined || Stat === undefined)
    throw new AlarmError('it needs Namespace, MetricName, Period and Statistic, or Metrics');
  return { Id: 'm1', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat }, ReturnData: true };
}

const isOfDynamoDb = (queries: readonly MetricDataQuery[]): boolean =>
  queries.some(({ MetricStat }) => MetricStat?.Metric.Namespace === 'AWS/DynamoDB');

function explained<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MathError || error instanceof RuleError) throw new AlarmError(error.message);
    throw error;
  }
}
