import { COMPARISONS } from '../src/services/cloudwatch/alarms/alarm.ts';
import type { MetricAlarm } from '../src/services/cloudwatch/alarms/alarm.ts';
import type { AlarmState } from '../src/services/cloudwatch/alarms/decide.ts';
import { rangeOf } from '../src/services/cloudwatch/alarms/decide.ts';
import {
  compositeAlarm,
  compositeAlarmSchema,
  metricAlarm,
  metricAlarmSchema,
} from '../src/services/cloudwatch/alarms/properties.ts';
import { alarmsIn, holds } from '../src/services/cloudwatch/alarms/rule.ts';
import { MINUTE_MS } from '../src/services/cloudwatch/metrics/metric.ts';
import { createCloudWatch } from '../src/services/cloudwatch/service.ts';
import type { CloudWatchService } from '../src/services/cloudwatch/service.ts';

/** What each metric of an alarm has in every period, by the id of its query. Undefined: no data. */
export type Values = ReadonlyMap<string, number | undefined>;

/** Values of an alarm's metrics with which it rings, and values with which it does not. Undefined where there are none. */
export interface Trial {
  readonly rings: Values | undefined;
  readonly calm: Values | undefined;
}

const names = { name: 'alarm', arn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:alarm' };

/** Adds an alarm with these resolved properties to a service. */
export function putAlarm({ alarms }: Pick<CloudWatchService, 'alarms'>, name: string, properties: unknown): void {
  const arn = `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`;
  alarms.put(metricAlarm(metricAlarmSchema.parse(properties), { name, arn }));
}

/** Searches values for the alarm with these resolved properties. Throws when it cannot be evaluated here. */
export function tryAlarm(properties: unknown): Trial {
  const alarm = metricAlarm(metricAlarmSchema.parse(properties), names);
  const ids = alarm.queries.flatMap(({ Id, MetricStat }) => (MetricStat === undefined ? [] : [Id]));
  let [rings, calm]: [Values | undefined, Values | undefined] = [undefined, undefined];
  for (const values of candidates(ids, alarm.threshold)) {
    const breaches = breachesWith(alarm, values);
    if (breaches === true) rings ??= values;
    if (breaches === false) calm ??= values;
    if (rings !== undefined && calm !== undefined) break;
  }
  // Where missing data decides, none is enough.
  const none = new Map(ids.map((id) => [id, undefined]));
  if (alarm.missing === 'breaching') rings ??= none;
  if (alarm.missing === 'notBreaching') calm ??= none;
  return { rings, calm };
}

/** The state that an alarm gets when its metrics have these values in every period of its range. */
export function stateWith(properties: unknown, values: Values): AlarmState | undefined {
  const alarm = metricAlarm(metricAlarmSchema.parse(properties), names);
  const start = Date.parse('2026-11-28T00:00:00Z');
  const end = start + rangeOf(alarm.evaluationPeriods) * alarm.period * MINUTE_MS;
  const place = { account: '000000000000', region: 'us-east-1' };
  const nothing = { onEvent: () => {}, hasPolicy: () => false, call: async () => ({}) };
  const clock = { now: start };
  const service = createCloudWatch({ ...place, ...nothing, now: () => clock.now });
  service.alarms.put(alarm);
  clock.now = end;
  for (const { Id, MetricStat } of alarm.queries) {
    const value = values.get(Id);
    if (MetricStat === undefined || value === undefined) continue;
    const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = MetricStat.Metric;
    const many = MetricStat.Stat === 'SampleCount' ? { value: 1, count: value } : { value };
    for (let at = start; at < end; at += alarm.period * MINUTE_MS)
      service.measure({ namespace, name, dimensions, at, ...many });
  }
  service.alarms.evaluate();
  const state = service.alarms.find(alarm.name)?.status.state;
  void service.close();
  return state;
}

/** Whether some states of the alarms that a composite names make it ring, and whether some do not. */
export function tryComposite(properties: unknown): {
  readonly rings: boolean;
  readonly calm: boolean;
  readonly names: readonly string[];
} {
  const { rule } = compositeAlarm(compositeAlarmSchema.parse(properties), names);
  const children = alarmsIn(rule);
  const results = Array.from({ length: 2 ** Math.min(children.length, 12) }, (_, bits) =>
    holds(rule, (name) => ((bits >> children.indexOf(name)) % 2 === 1 ? 'ALARM' : 'OK')),
  );
  return { rings: results.some(Boolean), calm: !results.every(Boolean), names: children };
}

function breachesWith(alarm: MetricAlarm, values: Values): boolean | undefined {
  const read: Parameters<typeof alarm.prepared.compute>[2] = (metric) => {
    const query = alarm.queries.find(({ MetricStat }) => {
      const asked = MetricStat?.Metric;
      return (
        asked?.Namespace === metric.namespace &&
        asked.MetricName === metric.name &&
        JSON.stringify(asked.Dimensions) === JSON.stringify(metric.dimensions)
      );
    });
    const value = values.get(query?.Id ?? '');
    if (value === undefined) return [undefined];
    const count = query?.MetricStat?.Stat === 'SampleCount' ? value : 1;
    return [{ count, sum: value, min: value, max: value, sketch: undefined }];
  };
  const computed = alarm.prepared.compute(alarm.watched, { from: 0, period: 1, count: 1 }, read);
  const point = computed.kind === 'series' ? computed.points[0] : undefined;
  return point === undefined ? undefined : COMPARISONS[alarm.comparison](point, alarm.threshold);
}

/** All metrics with the same value; then each with its own, as far as there are few; then one that differs. */
function* candidates(ids: readonly string[], threshold: number): Generator<Values> {
  const levels = [0, 1, 10, 1_000, 1e6, threshold, threshold + 1, threshold - 1, threshold * 2, undefined];
  for (const level of levels) yield new Map(ids.map((id) => [id, level]));
  if (ids.length <= 3) return yield* products(ids, levels);
  for (const base of levels)
    for (const level of levels)
      for (const id of ids) yield new Map([...ids.map((each) => [each, base] as const), [id, level]]);
}

function* products(ids: readonly string[], levels: readonly (number | undefined)[]): Generator<Values> {
  const [id, ...others] = ids;
  if (id === undefined) return yield new Map();
  for (const rest of products(others, levels)) for (const level of levels) yield new Map([[id, level], ...rest]);
}
