import type { Command } from 'commander';
import { verifyTask } from '#core/audit/verify-task.ts';
import type { AuditVerdict } from '#core/audit/verdict.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task.ts';
import { count } from '../terminal/format.ts';
import { terminalOutput, type Output } from '../terminal/output.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { openTrail, type OpenTrail, type TrailOptions } from './trail.ts';
import { entryLine, findingLine, verdictLine } from './words.ts';

interface AuditOptions extends TrailOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

const WHERE =
  '\n\nA deployed trail is named by the platform stack’s outputs: --bucket AuditBucket --table StateTable; credentials come from the AWS environment.';

/** `fleet audit`: verifies and shows the audit trail. Exit code 1 where something is wrong with it. */
export function addAudit(fleet: Command): void {
  const audit = fleet.command('audit').description('the audit trail of tool calls: is it whole, and what is in it');
  const where = (command: Command): Command =>
    command
      .option('--bucket <name>', 'bucket of a deployed trail (default: the running fleet’s)')
      .option('--table <name>', 'its state table; without it an end that was cut off is not seen')
      .option('--json', 'one JSON object on stdout');
  where(audit.command('verify'))
    .argument('[tasks...]', 'ids of tasks')
    .option('--all', 'every task that has entries')
    .description('holds each entry against the one before it and against its task')
    .addHelpText(
      'after',
      `\nExit codes: 0 all is whole, 1 something is wrong, 2 wrong usage.${WHERE}\n\nExample:\n  npm run fleet -- audit verify --all`,
    )
    .action((tasks: string[], options: AuditOptions) =>
      withTrail(options, (trail, output) => verifyTasks(trail, tasks, options, output)),
    );
  where(audit.command('show'))
    .argument('<task>', 'id of a task')
    .description('the tool calls of a task, in order')
    .addHelpText('after', `${WHERE}\n\nExample:\n  npm run fleet -- audit show task-0123456789abcdef`)
    .action((task: string, options: AuditOptions) =>
      withTrail(options, (trail, output) => showTask(trail, task, options, output)),
    );
}

async function withTrail(options: AuditOptions, use: (trail: OpenTrail, output: Output) => Promise<void>) {
  const trail = openTrail(options);
  try {
    await use(trail, terminalOutput(options.json ?? false));
  } catch (error) {
    throw unreadableTrail(error) ?? error;
  } finally {
    trail.close();
  }
}

/** `fleet audit verify` */
export async function verifyTasks(
  trail: OpenTrail,
  tasks: readonly string[],
  { all = false, json = false }: AuditOptions,
  output: Output,
): Promise<void> {
  if (all === tasks.length > 0) throw wrongUsage('Name tasks, or --all.', 'See npm run fleet -- audit verify --help.');
  const verdicts: AuditVerdict[] = [];
  for await (const id of all ? trail.reader.tasks() : tasks) {
    for (const verdict of await verdictsOf(trail, id)) {
      verdicts.push(verdict);
      output.line(verdictLine(verdict));
      for (const finding of verdict.findings) output.line(`       ${findingLine(finding)}`);
      if (verdict.announced) output.line(`       announced and never begun: ${entryLine(verdict.announced)}`);
    }
  }
  const wrong = verdicts.filter(({ whole }) => !whole);
  if (json) output.json({ whole: wrong.length === 0, verdicts });
  if (wrong.length > 0)
    throw new UserError(
      `The audit trail is not whole: ${count(wrong.length, 'task')} of ${verdicts.length}.`,
      'docs/audit.md says what each finding means and what to keep.',
    );
  output.line(`The audit trail is whole: ${count(verdicts.length, 'task')}.`);
}

/** `fleet audit show` */
export async function showTask(
  trail: OpenTrail,
  task: string,
  { json = false }: AuditOptions,
  output: Output,
): Promise<void> {
  const verdicts = await verdictsOf(trail, task);
  for (const verdict of verdicts) {
    output.line(verdictLine(verdict));
    for (const entry of verdict.chain) output.line(entryLine(entry));
    for (const entry of verdict.uncounted) output.line(`${entryLine(entry)}  (never counted)`);
    for (const finding of verdict.findings) output.line(findingLine(finding));
  }
  if (json) output.json({ verdicts });
  if (verdicts.some(({ whole }) => !whole))
    throw new UserError(`The audit trail of ${task} is not whole.`, 'docs/audit.md says what each finding means.');
}

async function verdictsOf(trail: OpenTrail, id: string): Promise<AuditVerdict[]> {
  const verdicts = await verifyTask(trail, parseId(id));
  if (verdicts.length === 0)
    throw new UserError(
      `There is no task "${id}", nor an entry of it.`,
      'Check the id, and which fleet it belongs to.',
    );
  return verdicts;
}

function parseId(id: string): TaskId {
  const parsed = taskIdSchema.safeParse(id);
  if (!parsed.success) throw wrongUsage(`"${id}" is no id of a task.`, 'An id has 1 to 128 characters.');
  return parsed.data;
}

/** What keeps a trail from being read, where a person can mend it. */
function unreadableTrail(error: unknown): UserError | null {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchBucket' || name === 'ResourceNotFoundException')
    return new UserError('There is no such bucket or table.', 'Check --bucket, --table, and the region.');
  if (name === 'AccessDenied' || name === 'AccessDeniedException')
    return new UserError(
      'Reading the audit trail was denied.',
      'It takes s3:ListBucketVersions, s3:GetObjectVersion, dynamodb:GetItem, and kms:Decrypt where data is encrypted by a key.',
    );
  return null;
}
