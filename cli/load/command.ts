import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { apiContext, examples, withApi } from '../api/api-command.ts';
import { watchInterruption } from '../interruption.ts';
import { count, dollars } from '../terminal/format.ts';
import { facts } from '../terminal/table.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { arrivals } from './arrivals.ts';
import { parseLoadOptions } from './options.ts';
import { runLoad } from './run.ts';
import { Tally, type LoadReport, type Percentiles } from './tally.ts';

/** Adds `fleet load`. */
export function addLoad(fleet: Command): void {
  withApi(fleet.command('load'))
    .description('the load test: submits at a rate whatever happens, waits for all ends, and counts')
    .requiredOption('--agent <agent>', 'whom the tasks are for')
    .requiredOption('--rate <n>', 'tasks a second')
    .requiredOption('--duration <time>', 'how long tasks come: 30s, 10m, 2h')
    .addOption(
      new Option('--arrivals <kind>', 'at random like independent clients, or evenly')
        .choices(['poisson', 'even'])
        .default('poisson'),
    )
    .option('--seed <n>', 'the same seed gives the same arrivals', '1')
    .option('--instruction <text>', 'what each task is to do (default: a small sum)')
    .option('--input-file <json>', 'typed input instead: a file of JSON, - for stdin, or JSON itself')
    .option('--priority <priority>', 'high or default')
    .option('--patience <time>', 'how long to wait for the ends after the last submission', '10m')
    .option('--yes', 'a fleet that is not on this machine may be loaded, and billed')
    .addHelpText(
      'after',
      `${examples('load --agent assistant --rate 2 --duration 5s', 'load --agent assistant --rate 1 --duration 3s --arrivals even --json')}\n\nExit code: 0 when nothing was lost or duplicated, 1 otherwise.`,
    )
    .action(load);
}

async function load(raw: { yes?: boolean }): Promise<void> {
  const options = parseLoadOptions(raw);
  const { target, output, notes, json } = apiContext(raw);
  if (!target.local && raw.yes !== true)
    throw wrongUsage(
      `${target.url} is not on this machine: the load test costs its owner money.`,
      'Confirm it by --yes.',
    );
  const id = `load-${randomUUID().slice(0, 8)}`;
  const tally = new Tally(id);
  notes.line(`${count(arrivals(options).length, 'task')} for ${options.agent} at ${options.rate} a second (${id}).`);
  const { signal } = watchInterruption();
  const onProgress = (): void => notes.progress(`${tally.ended} ended, ${tally.pending} under way`);
  await runLoad({ id, target, options, tally, signal, onProgress });
  notes.progress('');
  const report = tally.report();
  if (json) output.json(report);
  else output.line(facts(words(report)));
  judge(report, signal.aborted);
}

function judge({ lost, duplicated, id }: LoadReport, interrupted: boolean): void {
  if (interrupted) throw new UserError('Interrupted: what had not ended counts as lost.', 'Run it again to the end.');
  if (lost === 0 && duplicated === 0) return;
  throw new UserError(
    `${lost} accepted tasks have not ended, ${duplicated} were made more than once (${id}).`,
    'Look at npm run fleet -- tasks, or give it longer by --patience.',
  );
}

function words(report: LoadReport): Record<string, string | undefined> {
  const counts = (by: Readonly<Record<string, number>>): string =>
    Object.entries(by)
      .map(([what, number]) => `${number} ${what}`)
      .join(', ');
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
