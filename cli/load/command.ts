import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { apiContext, examples, withApi } from '../api/api-command.ts';
import { watchInterruption } from '../interruption.ts';
import { count, dollars } from '../terminal/format.ts';
import { facts } from '../terminal/table.ts';
import type { Judged } from '#systems/support/load/judge.ts';
import { judgedWords, judgedWrongs } from '#systems/support/cli/judged.ts';
import type { SupportSystem } from '../system.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { arrivals } from './arrivals.ts';
import { parseLoadOptions } from './options.ts';
import { runLoad } from './run.ts';
import { Tally, type LoadReport, type Percentiles } from './tally.ts';
import { workOf } from './work.ts';

/** Adds `fleet load`. */
export function addLoad(fleet: Command, support: SupportSystem): void {
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
    .option(
      '--instruction <text>',
      `what each task is to do (default: a small sum; for ${support.agent} messages of customers, held against what is known of them)`,
    )
    .option('--input-file <json>', 'typed input instead: a file of JSON, - for stdin, or JSON itself')
    .option('--shop-table <name>', `the shop of a deployed ${support.agent}, filled with AWS credentials`)
    .option('--priority <priority>', 'high or default')
    .option('--patience <time>', 'how long to wait for the ends after the last submission', '10m')
    .option('--yes', 'a fleet that is not on this machine may be loaded, and billed')
    .addHelpText(
      'after',
      `${examples('load --agent assistant --rate 2 --duration 5s', 'load --agent assistant --rate 1 --duration 3s --arrivals even --json', `load --agent ${support.agent} --rate 2 --duration 5s`)}\n\nExit code: 0 when nothing was lost or duplicated, and of a customer's messages none that needs a person resolved and no refund doubled or undue; 1 otherwise.`,
    )
    .action((raw: { yes?: boolean }) => load(raw, support));
}

async function load(raw: { yes?: boolean }, support: SupportSystem): Promise<void> {
  const options = parseLoadOptions(raw);
  const { target, output, notes, json } = apiContext(raw);
  if (!target.local && raw.yes !== true)
    throw wrongUsage(
      `${target.url} is not on this machine: the load test costs its owner money.`,
      'Confirm it by --yes.',
    );
  const id = `load-${randomUUID().slice(0, 8)}`;
  const tally = new Tally(id);
  const times = arrivals(options);
  const work = await workOf(id, target, options, support, times.length);
  try {
    notes.line(`${count(times.length, 'task')} for ${options.agent} at ${options.rate} a second (${id}).`);
    const { signal } = watchInterruption();
    const onProgress = (): void => notes.progress(`${tally.ended} ended, ${tally.pending} under way`);
    await runLoad({ id, target, options, work, times, tally, signal, onProgress });
    notes.progress('');
    const conversations = await work.judge?.(tally.byNumber);
    const report = { ...tally.report(), ...(conversations && { conversations }) };
    if (json) output.json(report);
    else output.line(facts({ ...words(report), ...(conversations && judgedWords(conversations)) }));
    judge(report, signal.aborted);
  } finally {
    work.close();
  }
}

type Report = LoadReport & { readonly conversations?: Judged };

function judge({ lost, duplicated, id, conversations }: Report, interrupted: boolean): void {
  if (interrupted) throw new UserError('Interrupted: what had not ended counts as lost.', 'Run it again to the end.');
  if (lost === 0 && duplicated === 0) return judgeConversations(conversations);
  throw new UserError(
    `${lost} accepted tasks have not ended, ${duplicated} were made more than once (${id}).`,
    'Look at npm run fleet -- tasks, or give it longer by --patience.',
  );
}

function judgeConversations(judged: Judged | undefined): void {
  const wrong = judged === undefined ? [] : judgedWrongs(judged);
  if (wrong.length > 0) throw new UserError(`Not as it must be: ${wrong.join(', ')}.`, 'See which by --json.');
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
