import {
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  paginateDescribeAlarms,
  type CloudWatchClient,
  type CompositeAlarm,
  type DescribeAlarmHistoryCommandInput,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import type { AlarmReader, AlarmRule, FleetAlarm } from '#core/ports/alarm-reader.ts';
import type { MetricQuery } from '#core/ports/metric-reader.ts';
import { orThrottled } from '../aws/throttled.ts';
import { cloudwatch } from './client.ts';

export interface CloudWatchAlarmReaderOptions {
  /** The beginning of the names of the fleet's alarms. CloudFormation names an alarm after its stack. */
  readonly prefix: string;
  /** @default the process's shared client */
  readonly client?: CloudWatchClient;
}

const BOTH = ['MetricAlarm', 'CompositeAlarm'] as const;

/** Reads alarms from CloudWatch. Requires `cloudwatch:DescribeAlarms` on `*`, and `cloudwatch:DescribeAlarmHistory`. Throws `FailureError` (throttled). */
export function cloudwatchAlarmReader({ prefix, client = cloudwatch() }: CloudWatchAlarmReaderOptions): AlarmReader {
  const asked = <Result>(call: () => Promise<Result>): Promise<Result> => orThrottled('CloudWatch', call);
  return {
    async alarms() {
      const alarms: FleetAlarm[] = [];
      const input = { AlarmNamePrefix: prefix, AlarmTypes: [...BOTH] };
      await asked(async () => {
        for await (const page of paginateDescribeAlarms({ client, pageSize: 100 }, input))
          alarms.push(...alarmsOf(page));
      });
      return alarms;
    },
    async alarm(name) {
      if (!name.startsWith(prefix)) return null;
      const command = new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: [...BOTH] });
      const page = await asked(() => client.send(command));
      return alarmsOf(page)[0] ?? null;
    },
    async changes(name, limit) {
      const command = new DescribeAlarmHistoryCommand({ ...statesOf(name), MaxRecords: limit });
      const { AlarmHistoryItems = [] } = await asked(() => client.send(command));
      return AlarmHistoryItems.map(({ Timestamp, HistorySummary = '' }) => ({
        at: Timestamp?.getTime() ?? 0,
        summary: HistorySummary,
      }));
    },
    async changesSince(name, since, limit) {
      const command = new DescribeAlarmHistoryCommand({
        ...statesOf(name),
        StartDate: new Date(since),
        ScanBy: 'TimestampAscending',
        MaxRecords: limit,
      });
      const { AlarmHistoryItems = [] } = await asked(() => client.send(command));
      return AlarmHistoryItems.flatMap(({ Timestamp, HistoryData = '' }) => {
        const { data } = changeSchema.safeParse(HistoryData);
        if (Timestamp === undefined || data === undefined) return [];
        return { at: Timestamp.getTime(), before: data.oldState.stateValue, after: data.newState.stateValue };
      });
    },
  };
}

const statesOf = (name: string): DescribeAlarmHistoryCommandInput => ({
  AlarmName: name,
  AlarmTypes: [...BOTH],
  HistoryItemType: 'StateUpdate',
});

const stateSchema = z.object({ stateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']) });
/** The `HistoryData` of a `StateUpdate`, which is JSON as text. An item with another form is left out. */
const changeSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('must be JSON');
      return z.NEVER;
    }
  })
  .pipe(z.object({ oldState: stateSchema, newState: stateSchema }));

interface Page {
  readonly MetricAlarms?: readonly MetricAlarm[] | undefined;
  readonly CompositeAlarms?: readonly CompositeAlarm[] | undefined;
}

function alarmsOf({ MetricAlarms = [], CompositeAlarms = [] }: Page): FleetAlarm[] {
  return [
    ...MetricAlarms.map((alarm) => ({ ...common(alarm), rule: ruleOf(alarm), composite: undefined })),
    ...CompositeAlarms.map((alarm) => ({ ...common(alarm), rule: undefined, composite: alarm.AlarmRule ?? '' })),
  ];
}

function common(alarm: MetricAlarm | CompositeAlarm): Omit<FleetAlarm, 'rule' | 'composite'> {
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return {
    name: alarm.AlarmName ?? '',
    description: alarm.AlarmDescription ?? '',
    state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
    since: since?.getTime() ?? 0,
    reason: alarm.StateReason ?? '',
  };
}

function ruleOf(alarm: MetricAlarm): AlarmRule {
  const { EvaluationPeriods = 1, Threshold = 0, ComparisonOperator = '', Metrics } = alarm;
  return {
    queries: Metrics?.map(queryOf) ?? [ownMetric(alarm)],
    period: alarm.Period ?? Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period ?? 60,
    threshold: Threshold,
    comparison: ComparisonOperator,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? EvaluationPeriods,
    missing: alarm.TreatMissingData ?? 'missing',
  };
}

const ownMetric = (alarm: MetricAlarm): MetricQuery => ({
  id: 'm1',
  metric: {
    namespace: alarm.Namespace ?? '',
    name: alarm.MetricName ?? '',
    dimensions: dimensionsOf(alarm.Dimensions),
    statistic: alarm.Statistic ?? alarm.ExtendedStatistic ?? '',
  },
});

function queryOf({
  Id = '',
  MetricStat,
  Expression,
  ReturnData = true,
}: NonNullable<MetricAlarm['Metrics']>[number]): MetricQuery {
  const { Metric, Stat = '' } = MetricStat ?? {};
  const metric = Metric && {
    namespace: Metric.Namespace ?? '',
    name: Metric.MetricName ?? '',
    dimensions: dimensionsOf(Metric.Dimensions),
    statistic: Stat,
  };
  return { id: Id, metric, expression: Expression, hidden: !ReturnData };
}

function dimensionsOf(list: MetricAlarm['Dimensions'] = []): Record<string, string> {
  return Object.fromEntries(list.map(({ Name = '', Value = '' }) => [Name, Value]));
}
