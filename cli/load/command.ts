import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { apiContext, examples, withApi } from '../api/api-command.ts';
import { requireAgent } from '../api/require-agent.ts';
import { watchInterruption } from '../interruption.ts';
import { count, dollars } from '../terminal/format.ts';
import { facts } from '../terminal/table.ts';
import type { CliSystem } from '../system.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { arrivals } from './arrivals.ts';
import { parseLoadOptions } from './options.ts';
import { runLoad } from './run.ts';
import { Tally, type LoadReport, type Percentiles } from './tally.ts';
import type { SystemLoad, Verdict } from './system-load.ts';
import { workOf } from './work.ts';

/** Adds `fleet load`. */
export function addLoad(fleet: Command, systems: readonly CliSystem[]): void {
  const loads = systems.flatMap(({ load }) => load ?? []);
  const others = loads.map(({ agent, description }) => `; for ${agent}: ${description}`);
  const fails = loads.flatMap(({ failsWhen }) => (failsWhen === undefined ? [] : [`, or when ${failsWhen}`]));
  const command = withApi(fleet.command('load'))
    .description('runs a load test: submits tasks at a fixed rate, waits until all have ended, and counts')
    .requiredOption('--agent <agent>', 'agent that the tasks are for')
    .requiredOption('--rate <n>', 'tasks per second')
    .requiredOption('--duration <time>', 'how long to submit: 30s, 10m, 2h')
    .addOption(
      new Option('--arrivals <kind>', 'at random like independent clients, or evenly')
        .choices(['poisson', 'even'])
        .default('poisson'),
    )
    .option('--seed <n>', 'the same seed gives the same arrivals', '1')
    .option('--instruction <text>', `instruction of each task (default: a small sum${others.join('')})`)
    .option('--input-file <json>', 'typed input instead: a JSON file, - for stdin, or JSON itself')
    .option('--priority <priority>', 'high or default')
    .option('--patience <time>', 'how long to wait for tasks to end after the last submission', '10m')
    .option('--yes', 'confirms load on a fleet that is not on this machine, which costs money');
  for (const { options = [] } of loads)
    for (const { flags, description } of options) command.option(flags, description);
  const examplesOf = loads.map(({ agent }) => `load --agent ${agent} --rate 2 --duration 5s`);
  command
    .addHelpText(
      'after',
      `${examples('load --agent assistant --rate 2 --duration 5s', 'load --agent assistant --rate 1 --duration 3s --arrivals even --json', ...examplesOf)}\n\nExit codes: 0 when tasks were accepted and none was lost or duplicated; 1 otherwise${fails.join('')}.`,
    )
    .action((raw: { yes?: boolean }) => load(raw, loads));
}

async function load(raw: { yes?: boolean }, loads: readonly SystemLoad[]): Promise<void> {
  const options = parseLoadOptions(raw);
  const { api, target, output, notes, json } = apiContext(raw);
  if (!target.local && raw.yes !== true)
    throw wrongUsage(
      `${target.url} is not on this machine: the load test costs its owner money.`,
      'Confirm with --yes.',
    );
  await requireAgent(api, options.agent);
  const id = `load-${randomUUID().slice(0, 8)}`;
  const tally = new Tally(id);
  const times = arrivals(options);
  const work = await workOf({ id, target, options, raw }, loads, times.length);
  try {
    notes.line(`${count(times.length, 'task')} for ${options.agent} at ${options.rate} per second (${id}).`);
    const { signal } = watchInterruption();
    const onProgress = (): void => notes.progress(`${tally.ended} ended, ${tally.pending} in progress`);
    await runLoad({ id, target, options, work, times, tally, signal, onProgress });
    notes.progress('');
    const verdict = await work.judge?.(tally.byNumber);
    const report = tally.report();
    if (json) output.json({ ...report, ...verdict?.report });
    else output.line(facts({ ...words(report), ...verdict?.facts }));
    check(report, verdict, signal.aborted);
  } finally {
    work.close();
  }
}

function check(
  { lost, duplicated, id, accepted, refused }: LoadReport,
  verdict: Verdict | undefined,
  interrupted: boolean,
): void {
  if (interrupted)
    throw new UserError('Interrupted: tasks that had not ended count as lost.', 'Run it again to the end.');
  if (lost > 0 || duplicated > 0)
    throw new UserError(
      `${lost} accepted tasks have not ended, ${duplicated} were created more than once (${id}).`,
      'See npm run fleet -- tasks, or wait longer with --patience.',
    );
  if (accepted === 0)
    throw new UserError(
      `No task was accepted: ${counts(refused)}.`,
      'Submit one with npm run fleet -- submit to see the reason.',
    );
  const violations = verdict?.violations ?? [];
  if (violations.length > 0)
    throw new UserError(`The results break a rule: ${violations.join(', ')}.`, 'See which tasks with --json.');
}

const counts = (by: Readonly<Record<string, number>>): string =>
  Object.entries(by)
    .map(([what, number]) => `${number} ${what}`)
    .join(', ');

function words(report: LoadReport): Record<string, string | undefined> {
  return {
    sent: String(report.sent),
    accepted: String(report.accepted),
    refused: counts(report.refused) || '0',
    throttles: String(report.throttles),
    ended: counts(report.ended) || '0',
    lost: String(report.lost),
    duplicated: String(report.duplicated),
    acceptance: times(report.acceptance),
    'to the end': times(report.toEnd),
    throughput: `${report.throughput.toFixed(1)} tasks a second`,
    cost: dollars(report.usd),
  };
}

const times = (percentiles: Percentiles): string =>
  Object.entries(percentiles)
    .map(([name, ms]) => `${name} ${ms === null ? '–' : `${Math.round(ms as number)} ms`}`)
    .join(', ');
