import type { Alarm, AlarmStatus, CompositeAlarm, MetricAlarm } from './alarm.ts';
import type { AlarmState } from './decide.ts';
import { alarmsIn } from './rule.ts';
import { messageTime } from './times.ts';

/** A change of an alarm's state. */
export interface Transition {
  readonly alarm: Alarm;
  readonly before: AlarmState;
  readonly status: AlarmStatus;
}

/** Where the alarms are. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Subjects of SNS have at most 100 characters. */
const MAX_SUBJECT = 100;

/** The subject of the message that an action publishes. */
export function subjectOf({ alarm, status }: Transition, { region }: Place): string {
  const subject = `${status.state}: "${alarm.name}" in ${regionName(region)}`;
  return subject.length <= MAX_SUBJECT ? subject : `${subject.slice(0, MAX_SUBJECT - 3)}...`;
}

/**
 * The message that an action publishes, as on AWS.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 * @param childStatus the status of an alarm in the rule of a composite
 */
export function messageOf(
  { alarm, before, status }: Transition,
  { account, region }: Place,
  childStatus: (name: string) => { readonly arn: string; readonly status: AlarmStatus } | undefined,
): string {
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: account,
    NewStateValue: status.state,
    NewStateReason: status.reason,
    StateChangeTime: messageTime(status.since),
    Region: regionName(region),
    AlarmArn: alarm.arn,
    OldStateValue: before,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    ...(alarm.kind === 'metric' ? { Trigger: triggerOf(alarm) } : compositeParts(alarm, childStatus)),
  });
}

function triggerOf(alarm: MetricAlarm): object {
  const judged = {
    Period: alarm.period * 60,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.missing,
    EvaluateLowSampleCountPercentile: '',
  };
  const [own] = alarm.queries;
  if (alarm.isExpression || own?.MetricStat === undefined)
    return { ...judged, Metrics: alarm.queries.map((query) => ({ ...query, ...metricStatOf(query) })) };
  const { Metric, Stat } = own.MetricStat;
  return {
    MetricName: Metric.MetricName,
    Namespace: Metric.Namespace,
    StatisticType: Stat.startsWith('p') ? 'ExtendedStatistic' : 'Statistic',
    ...(Stat.startsWith('p') ? { ExtendedStatistic: Stat } : { Statistic: screaming(Stat) }),
    Unit: null,
    Dimensions: pairs(Metric.Dimensions),
    ...judged,
  };
}

function metricStatOf({ MetricStat }: MetricAlarm['queries'][number]): object {
  if (MetricStat === undefined) return {};
  const { Metric, ...rest } = MetricStat;
  return { MetricStat: { Metric: { ...Metric, Dimensions: pairs(Metric.Dimensions) }, ...rest } };
}

function compositeParts(alarm: CompositeAlarm, childStatus: Parameters<typeof messageOf>[2]): object {
  const children = alarmsIn(alarm.rule).flatMap((name) => childStatus(name) ?? []);
  const TriggeringChildren = children
    .filter(({ status }) => status.state === 'ALARM')
    .map(({ arn, status }) => ({ Arn: arn, State: { Value: status.state, Timestamp: messageTime(status.since) } }));
  return { AlarmRule: alarm.ruleText, TriggeringChildren };
}

const pairs = (dimensions: Readonly<Record<string, string>>): object[] =>
  Object.entries(dimensions).map(([name, value]) => ({ name, value }));

/** `SampleCount` as `SAMPLE_COUNT`. */
const screaming = (statistic: string): string => statistic.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

const REGION_NAMES: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'EU (Ireland)',
  'eu-central-1': 'EU (Frankfurt)',
};

const regionName = (region: string): string => REGION_NAMES[region] ?? region;
