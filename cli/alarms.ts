import type { Command } from 'commander';
import {
  alarmDetailSchema,
  alarmListSchema,
  taskAlarmsSchema,
  type AlarmDetail,
  type AlarmView,
  type TaskAlarms,
} from '#core/api/alarms/messages.ts';
import { alarmOperations } from '#core/api/alarms/operations.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { runbookSection } from './fleet/runbook.ts';
import { age, count } from './terminal/format.ts';
import type { Output } from './terminal/output.ts';
import { facts, table } from './terminal/table.ts';
import { UserError, wrongUsage } from './user-error.ts';

/** Adds `fleet alarms`. */
export function addAlarms(fleet: Command): void {
  withApi(fleet.command('alarms'))
    .argument('[name]', 'an alarm, or a part of its name')
    .description(
      'shows which alarms ring, since when and why; with a name, also what to do: its section of the runbook',
    )
    .option('--all', 'also those that do not ring')
    .option('--task <id>', 'those that rang between the acceptance of a task and its end, and concern it')
    .addHelpText('after', examples('alarms', 'alarms --all', 'alarms --task task-0123456789abcdef', 'alarms --json'))
    .action(showAlarms);
}

interface AlarmOptions {
  readonly all?: boolean;
  readonly task?: string;
}

async function showAlarms(name: string | undefined, options: AlarmOptions): Promise<void> {
  if (options.task !== undefined) return showOfTask(name, options.task, options);
  const { api, output, json } = apiContext(options);
  const list = await api.call(alarmOperations.listAlarms, alarmListSchema);
  if (name === undefined) return json ? output.json(list) : printList(list.alarms, options.all === true, output);
  const params = { name: nameOf(list.alarms, name) };
  const alarm = await api.call(alarmOperations.getAlarm, alarmDetailSchema, { params });
  if (json) return output.json(alarm);
  printAlarm(alarm, output);
}

async function showOfTask(name: string | undefined, id: string, options: AlarmOptions): Promise<void> {
  if (name !== undefined || options.all === true)
    throw wrongUsage('--task shows the alarms of a task.', 'Leave out the name of an alarm and --all.');
  const { api, output, json } = apiContext(options);
  const found = await api.call(alarmOperations.getTaskAlarms, taskAlarmsSchema, { params: { id } });
  if (json) return output.json(found);
  printOfTask(found, output);
}

function printOfTask({ alarms, from, to }: TaskAlarms, output: Output): void {
  const [first] = alarms;
  if (first === undefined) return output.line(`No alarm that concerns the task rang between ${from} and ${to}.`);
  const rows = alarms.map(({ severity, name, says, runbook, rang }) => [
    String(severity ?? ''),
    rang.map(({ from: at, until }) => `${hour(at)}–${until === undefined ? 'now' : hour(until)}`).join(', '),
    name,
    runbook ?? '',
    says.split('\n')[0] ?? '',
  ]);
  output.line(table(OF_TASK, rows, process.stdout.columns));
  output.line(`${count(alarms.length, 'alarm')} rang between ${from} and ${to}. Other tasks may have caused them too.`);
  output.line(`What to do: npm run fleet -- alarms ${first.name}`);
}

const OF_TASK = [
  { name: 'severity', align: 'right' },
  { name: 'rang (UTC)' },
  { name: 'alarm' },
  { name: 'runbook' },
  { name: 'says', flexible: true },
] as const;

/** The time of day of an ISO time. */
const hour = (time: string): string => time.slice(11, 19);

/** A name may be given by its end, or by a part that no other alarm has. */
function nameOf(alarms: readonly AlarmView[], given: string): string {
  const names = alarms.map(({ name }) => name);
  if (names.includes(given)) return given;
  const part = given.toLowerCase();
  const ending = names.filter((name) => name.toLowerCase().endsWith(part));
  const found = ending.length === 1 ? ending : names.filter((name) => name.toLowerCase().includes(part));
  if (found.length > 1)
    throw wrongUsage(
      `${count(found.length, 'alarm')} match "${given}":`,
      `${found.join('\n')}\nGive the whole name of one.`,
    );
  const [name] = found;
  if (name === undefined)
    throw new UserError(`No alarm has "${given}" in its name.`, 'npm run fleet -- alarms --all lists them.');
  return name;
}

function printList(alarms: readonly AlarmView[], all: boolean, output: Output): void {
  const ringing = alarms.filter(({ state }) => state === 'ALARM');
  const unsure = alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA').length;
  const shown = all ? alarms : ringing;
  if (shown.length > 0) output.line(table(COLUMNS, shown.map(row), process.stdout.columns));
  const others = unsure === 0 ? '' : ` ${unsure} have too little data.`;
  output.line(
    `${ringing.length} of ${count(alarms.length, 'alarm')} ${ringing.length === 1 ? 'rings' : 'ring'}.${others}`,
  );
  const [first] = ringing;
  if (first !== undefined) output.line(`What to do: npm run fleet -- alarms ${first.name}`);
}

const COLUMNS = [
  { name: 'severity', align: 'right' },
  { name: 'state' },
  { name: 'since' },
  { name: 'alarm' },
  { name: 'says', flexible: true },
] as const;

const row = ({ severity, state, since, name, says }: AlarmView): string[] => [
  String(severity ?? ''),
  WORDS[state],
  age(since),
  name,
  says.split('\n')[0] ?? '',
];

const WORDS = { ALARM: 'rings', OK: 'ok', INSUFFICIENT_DATA: 'no data' } as const;

function printAlarm(alarm: AlarmDetail, output: Output): void {
  output.line(
    facts({
      alarm: alarm.name,
      state: `${WORDS[alarm.state]} since ${alarm.since} (${age(alarm.since)})`,
      says: alarm.says,
      reason: alarm.reason,
      watches: watched(alarm),
      severity: alarm.severity?.toString(),
      owner: alarm.owner,
      agent: alarm.agent,
      runbook: alarm.runbook,
      last: lastValues(alarm),
    }),
  );
  for (const part of alarm.parts ?? []) output.line(`${part.name} ${WORDS[part.state]}: ${lastValues(part) ?? ''}`);
  if (alarm.changes.length > 0) output.line();
  for (const { at, summary } of alarm.changes.slice(0, SHOWN)) output.line(`${at}  ${summary}`);
  const section = alarm.runbook === undefined ? undefined : runbookSection(alarm.runbook);
  if (section === undefined) return;
  output.line();
  output.line(section);
}

/** Changes and values that are printed. `--json` has all. */
const SHOWN = 5;

function watched({ rule, composite }: AlarmDetail): string | undefined {
  if (rule === undefined) return composite;
  const names = rule.metrics.map(({ name, statistic }) => `${statistic} of ${name}`).join(', ');
  const every = `${rule.datapointsToAlarm} of ${rule.evaluationPeriods} periods of ${rule.period} s`;
  const operator = OPERATORS[rule.comparison] ?? rule.comparison;
  return `${rule.expression ?? names} ${operator} ${rule.threshold} in ${every}${rule.expression === undefined ? '' : ` (${names})`}`;
}

const OPERATORS: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: '>=',
  GreaterThanThreshold: '>',
  LessThanOrEqualToThreshold: '<=',
  LessThanThreshold: '<',
};

function lastValues({ series, rule }: Pick<AlarmDetail, 'series' | 'rule'>): string | undefined {
  if (rule === undefined) return undefined;
  if (series.length === 0) return 'no data';
  const values = series
    .slice(-SHOWN)
    .map(([at, value]) => `${Number(value.toPrecision(4))} at ${new Date(at).toISOString().slice(11, 16)}`);
  return values.join(', ');
}
