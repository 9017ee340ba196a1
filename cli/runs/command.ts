import { writeFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { reportViewSchema, runViewSchema, type RunView } from '#core/api/runs/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import { apiContext, examples, withApi, type ApiContext } from '../api/api-command.ts';
import { listRuns } from './list.ts';
import { addStart } from './start.ts';
import { age, dollars } from '../terminal/format.ts';
import { facts, table } from '../terminal/table.ts';
import { makeFolder } from '../make-folder.ts';
import { UserError, wrongUsage } from '../user-error.ts';

/** Adds `fleet runs` and `fleet runs start`. */
export function addRuns(fleet: Command): void {
  const runs = withApi(fleet.command('runs'))
    .argument('[id]')
    .description('lists runs, newest first, or shows the progress of one')
    .option('--limit <n>', 'maximum number of runs', '50')
    .option('--report <folder>', 'downloads the files of the run’s report into a folder')
    .addHelpText('after', examples('runs', 'runs run-0123456789abcdef', 'runs start WORKFLOW --items FILE'))
    .action((id: string | undefined, options: { readonly report?: string }) => {
      const context = apiContext(options);
      if (options.report !== undefined) return downloadReport(context, id, options.report);
      return id === undefined ? listRuns(context, options) : showRun(context, id);
    });
  addStart(runs);
}

async function showRun({ api, output, json }: ApiContext, id: string): Promise<void> {
  const run = await api.call(runOperations.getRun, runViewSchema, { params: { id } });
  if (json) return output.json(run);
  output.line(
    facts({
      id,
      name: run.name,
      state: run.cancelled === true ? `${run.status}, cancelled` : run.status,
      tasks: `${run.size}: ${inWords(run.tasks)}${restWords(run)}`,
      refused: run.refused > 0 ? String(run.refused) : undefined,
      accepted: `${run.createdAt} (${age(run.createdAt)})`,
      spent: `${dollars(run.spent.usd)}, ${run.spent.tokens.toLocaleString('en-US')} tokens`,
      limit: run.budgetUsd === undefined ? undefined : dollars(run.budgetUsd),
    }),
  );
  const { agents = [] } = run;
  if (agents.length < 2) return;
  const rows = agents.map(({ agent, tasks, spent }) => [agent, inWords(tasks), dollars(spent.usd)]);
  output.line(table(AGENT_COLUMNS, rows, process.stdout.columns));
}

/** What has no task of its own, so that the numbers add up. */
function restWords({ withoutTask = 0, cancelled, tasks }: RunView): string {
  if (withoutTask === 0) return '';
  const others = Object.values(tasks).some((count) => count > 0) ? ', ' : '';
  const why = cancelled === true ? 'not started, or known from earlier runs' : 'known from earlier runs, or copies';
  return `${others}${withoutTask} without a task (${why})`;
}

async function downloadReport(
  { api, output, json }: ApiContext,
  id: string | undefined,
  folder: string,
): Promise<void> {
  if (id === undefined) throw wrongUsage('--report needs the id of a run.', 'npm run fleet -- runs lists runs.');
  const { files, complete } = await api.call(runOperations.getRunReport, reportViewSchema, { params: { id } });
  if (files.length === 0)
    throw new UserError(`The run ${id} has no report.`, 'Only workflows such as documents write one, at their end.');
  const written: string[] = [];
  for (const { name, url } of files) {
    const answer = await fetch(url);
    if (!answer.ok || answer.body === null)
      throw new UserError(`${name} cannot be read: S3 answered ${answer.status}.`, 'Run the command again.');
    const path = pathOf(folder, name);
    makeFolder(dirname(path));
    await writeFile(path, answer.body);
    written.push(path);
  }
  if (json) return output.json({ files: written, complete });
  for (const path of written) output.line(path);
  if (!complete) output.line('The report has more files. They are in the bucket of its workflow, beside these.');
}

/** Where a file of a report goes, with the folders of its name, since pages link to each other. */
function pathOf(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (path.startsWith(`${resolve(folder)}${sep}`)) return path;
  throw new UserError(`"${name}" is no name of a file below ${folder}.`, 'Check that the URL is that of your fleet.');
}

const AGENT_COLUMNS = [
  { name: 'agent' },
  { name: 'tasks', flexible: true },
  { name: 'spent', align: 'right' },
] as const;

/** `3 running, 5 succeeded`. */
const inWords = (tasks: RunView['tasks']): string =>
  Object.entries(tasks)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
