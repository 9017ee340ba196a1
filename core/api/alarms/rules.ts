import { readAlarmDescription } from '../../alarms/description.ts';
import { agentOfMetric, type ServiceNames } from '../../metrics/service-names.ts';
import type { AlarmReader, AlarmRule, FleetAlarm } from '../../ports/alarm-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MetricReader } from '../../ports/metric-reader.ts';
import { usesAgent, type Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';
import { timeOf } from '../http/time-of.ts';
import type { AlarmDetail, AlarmView } from './messages.ts';

export interface AlarmPorts {
  readonly alarms: AlarmReader;
  readonly metrics: MetricReader;
  readonly clock: Pick<Clock, 'now'>;
  readonly names: ServiceNames;
}

/** Periods before now that the series of an alarm has. */
const MIN_PERIODS = 60;
const MAX_PERIODS = 360;
/** How often the periods that an alarm evaluates fit into its series. */
const LOOK_BACK = 4;
const CHANGES = 20;
/** Alarms of a composite one that are read. */
const MAX_PARTS = 20;

/** Lists the alarms, without those of agents that the key may not use. */
export async function listAlarms(ports: AlarmPorts, caller: Caller) {
  const asOf = timeOf(ports.clock.now());
  const all = (await ports.alarms.alarms()).map((alarm) => viewOf(alarm, ports.names));
  const alarms = all.filter(({ agent }) => agent === undefined || usesAgent(caller, agent));
  return { alarms: alarms.toSorted(byUrgency), asOf };
}

/** Returns an alarm with its series and its last changes. Throws `ApiProblem`: not found also for other agents' alarms. */
export async function getAlarm(ports: AlarmPorts, caller: Caller, name: string): Promise<AlarmDetail> {
  const alarm = await visibleAlarm(ports, caller, name);
  if (alarm === null) throw notFoundAlarm(name);
  const now = ports.clock.now();
  const [watched, parts, changes] = await Promise.all([
    watchedBy(ports, alarm, now),
    alarm.composite === undefined ? undefined : partsOf(ports, caller, alarm.composite, now),
    ports.alarms.changes(name, CHANGES),
  ]);
  return {
    ...watched,
    ...(parts !== undefined && { parts }),
    changes: changes.map(({ at, summary }) => ({ at: timeOf(at), summary })),
    asOf: timeOf(now),
  };
}

const notFoundAlarm = (name: string): ApiProblem =>
  new ApiProblem(
    'not-found',
    `The alarm "${name}" was not found. Use a name that GET /alarms or npm run fleet -- alarms --all lists.`,
  );

/** Null for an alarm that the key may not see, too. */
async function visibleAlarm({ alarms, names }: AlarmPorts, caller: Caller, name: string): Promise<FleetAlarm | null> {
  const alarm = await alarms.alarm(name);
  const agent = alarm && viewOf(alarm, names).agent;
  return typeof agent === 'string' && !usesAgent(caller, agent) ? null : alarm;
}

/** An alarm with what it compares with its threshold. */
async function watchedBy(ports: AlarmPorts, alarm: FleetAlarm, now: number) {
  const series = alarm.rule === undefined ? [] : await seriesOf(ports, alarm.rule, now);
  return { ...viewOf(alarm, ports.names), series };
}

/** The alarms that a rule of a composite alarm names, without those that the key may not see. */
async function partsOf(ports: AlarmPorts, caller: Caller, composite: string, now: number) {
  const names = alarmsInRule(composite).slice(0, MAX_PARTS);
  const parts = await Promise.all(names.map((name) => visibleAlarm(ports, caller, name)));
  return Promise.all(parts.filter((part) => part !== null).map((part) => watchedBy(ports, part, now)));
}

/** The names in a rule such as `ALARM("a") AND NOT OK(arn:aws:cloudwatch:us-east-1:111122223333:alarm:b)`. */
const alarmsInRule = (rule: string): string[] => {
  const named = rule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^\s"')]+))\s*\)/g);
  const names = [...named].map(([, double, single, bare = '']) => double ?? single ?? bare);
  return [...new Set(names.map((name) => name.replace(/^arn:[^:]+:cloudwatch:[^:]*:\d*:alarm:/, '')))];
};

async function seriesOf({ metrics }: AlarmPorts, rule: AlarmRule, now: number): Promise<[number, number][]> {
  const periods = Math.min(MAX_PERIODS, Math.max(MIN_PERIODS, LOOK_BACK * rule.evaluationPeriods));
  const from = now - periods * rule.period * 1_000;
  const [series] = await metrics.read(rule.queries, { from, to: now, step: rule.period });
  return (series?.points ?? []).map(([at, value]) => [at, value]);
}

/** An alarm as the API shows it. */
export function viewOf(alarm: FleetAlarm, names: ServiceNames): AlarmView {
  const { rule, composite, description, since, ...rest } = alarm;
  const metrics = rule?.queries.flatMap(({ metric }) => metric ?? []) ?? [];
  const agent = metrics.map((metric) => agentOfMetric(metric, names)).find((name) => name !== undefined);
  const expression = rule?.queries.find(({ hidden }) => hidden !== true)?.expression;
  return {
    ...rest,
    ...defined(readAlarmDescription(description)),
    since: timeOf(since),
    ...(agent !== undefined && { agent }),
    ...(rule !== undefined && {
      rule: { ...withoutQueries(rule), metrics, ...(expression !== undefined && { expression }) },
    }),
    ...(composite !== undefined && { composite }),
  };
}

const withoutQueries = ({ queries: _queries, ...rule }: AlarmRule): Omit<AlarmRule, 'queries'> => rule;

function defined({ says, severity, owner, runbook }: ReturnType<typeof readAlarmDescription>) {
  return {
    says,
    ...(severity !== undefined && { severity }),
    ...(owner !== undefined && { owner }),
    ...(runbook !== undefined && { runbook }),
  };
}

const STATES = ['ALARM', 'INSUFFICIENT_DATA', 'OK'] as const;
/** Where an alarm without a severity stands in a list. */
export const NO_SEVERITY = 4;

/** Those that ring first, then by severity, then by name. */
function byUrgency(one: AlarmView, other: AlarmView): number {
  return (
    STATES.indexOf(one.state) - STATES.indexOf(other.state) ||
    (one.severity ?? NO_SEVERITY) - (other.severity ?? NO_SEVERITY) ||
    (one.name < other.name ? -1 : 1)
  );
}
