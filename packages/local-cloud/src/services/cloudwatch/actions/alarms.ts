import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import type { CompositeAlarm, MetricAlarm } from '../alarms/alarm.ts';
import type { WatchedAlarm } from '../alarms/alarms.ts';
import { action, page, timeOf, timeSchema, tokenSchema } from './action.ts';

const types = z.array(z.enum(['MetricAlarm', 'CompositeAlarm']));
const state = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

const DescribeInput = z.strictObject({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().optional(),
  AlarmTypes: types.default(['MetricAlarm']),
  StateValue: state.optional(),
  MaxRecords: z.int().min(1).max(100).default(50),
  NextToken: tokenSchema,
});

/** Without `AlarmTypes` only metric alarms, as on AWS. */
export const describeAlarms = action(DescribeInput, ({ alarms }, input) => {
  const found = alarms
    .all()
    .filter(
      ({ alarm, status }) =>
        input.AlarmTypes.includes(alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm') &&
        (input.AlarmNames?.includes(alarm.name) ?? true) &&
        alarm.name.startsWith(input.AlarmNamePrefix ?? '') &&
        (input.StateValue === undefined || input.StateValue === status.state),
    )
    .toSorted((left, right) => (left.alarm.name < right.alarm.name ? -1 : 1));
  const { items, next } = page(found, input.NextToken, input.MaxRecords);
  return {
    MetricAlarms: items.flatMap((watched) =>
      watched.alarm.kind === 'metric' ? metricView(watched.alarm, watched) : [],
    ),
    CompositeAlarms: items.flatMap((watched) =>
      watched.alarm.kind === 'composite' ? compositeView(watched.alarm, watched) : [],
    ),
    ...next,
  };
});

const SetInput = z.strictObject({
  AlarmName: z.string(),
  StateValue: state,
  StateReason: z.string().max(1_023),
  StateReasonData: z.string().max(4_000).default(''),
});

export const setAlarmState = action(SetInput, ({ alarms }, { AlarmName, StateValue, StateReason, StateReasonData }) => {
  if (!alarms.has(AlarmName)) throw new ServiceError('ResourceNotFound', `The alarm ${AlarmName} does not exist.`, 404);
  if (StateReasonData !== '' && !isJson(StateReasonData))
    throw new ServiceError('InvalidFormat', 'StateReasonData must be JSON.');
  alarms.set(AlarmName, StateValue, StateReason, StateReasonData);
  return {};
});

const HistoryInput = z.strictObject({
  AlarmName: z.string().optional(),
  AlarmTypes: types.optional(),
  HistoryItemType: z.enum(['StateUpdate', 'Action', 'ConfigurationUpdate']).optional(),
  StartDate: timeSchema.optional(),
  EndDate: timeSchema.optional(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MaxRecords: z.int().min(1).max(100).default(50),
  NextToken: tokenSchema,
});

export const describeAlarmHistory = action(HistoryInput, ({ alarms, records }, input) => {
  const typeOf = (name: string): 'MetricAlarm' | 'CompositeAlarm' =>
    alarms.find(name)?.alarm.kind === 'composite' ? 'CompositeAlarm' : 'MetricAlarm';
  const found = records
    .history(input.StartDate ?? 0, input.EndDate ?? Number.MAX_SAFE_INTEGER)
    .filter(
      ({ alarm, type }) =>
        (input.AlarmName ?? alarm) === alarm &&
        (input.HistoryItemType ?? type) === type &&
        (input.AlarmTypes ?? ['MetricAlarm']).includes(typeOf(alarm)),
    );
  const ordered = input.ScanBy === 'TimestampAscending' ? found.toReversed() : found;
  const { items, next } = page(ordered, input.NextToken, input.MaxRecords);
  return {
    AlarmHistoryItems: items.map(({ alarm, at, type, summary, data }) => ({
      AlarmName: alarm,
      AlarmType: typeOf(alarm),
      Timestamp: timeOf(at),
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: data,
    })),
    ...next,
  };
});

function commonView({ alarm, status }: WatchedAlarm): ServiceOutput {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ...(alarm.description !== undefined && { AlarmDescription: alarm.description }),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    StateValue: status.state,
    StateReason: status.reason,
    ...(status.reasonData !== '' && { StateReasonData: status.reasonData }),
    StateUpdatedTimestamp: timeOf(status.updatedAt),
    StateTransitionedTimestamp: timeOf(status.since),
  };
}

function metricView(alarm: MetricAlarm, watched: WatchedAlarm): ServiceOutput {
  const [own] = alarm.queries;
  return {
    ...commonView(watched),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missing,
    ...(alarm.isExpression || own?.MetricStat === undefined
      ? { Metrics: alarm.queries.map(queryView) }
      : ownView(own.MetricStat)),
  };
}

type MetricStat = NonNullable<MetricAlarm['queries'][number]['MetricStat']>;

function ownView({ Metric, Period, Stat }: MetricStat): ServiceOutput {
  return {
    Namespace: Metric.Namespace,
    MetricName: Metric.MetricName,
    Dimensions: pairs(Metric.Dimensions),
    Period,
    ...(Stat.startsWith('p') ? { ExtendedStatistic: Stat } : { Statistic: Stat }),
  };
}

function queryView({ MetricStat, ...query }: MetricAlarm['queries'][number]): ServiceOutput {
  if (MetricStat === undefined) return query;
  const { Metric, ...rest } = MetricStat;
  return { ...query, MetricStat: { ...rest, Metric: { ...Metric, Dimensions: pairs(Metric.Dimensions) } } };
}

const compositeView = (alarm: CompositeAlarm, watched: WatchedAlarm): ServiceOutput => ({
  ...commonView(watched),
  AlarmRule: alarm.ruleText,
});

const pairs = (dimensions: Readonly<Record<string, string>>): ServiceOutput[] =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
