import type { Command } from 'commander';
import { verifyTask } from '#core/audit/verify-task.ts';
import type { AuditVerdict } from '#core/audit/verdict.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import { count } from '../terminal/format.ts';
import { terminalOutput, type Output } from '../terminal/output.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { withApi } from '../api/api-command.ts';
import { fleetEnvironment } from '../api/environment.ts';
import { showByApi } from './show-by-api.ts';
import { openTrail, type OpenTrail, type TrailOptions } from './trail.ts';
import { entryLine, findingLine, verdictLine } from './words.ts';

interface AuditOptions extends TrailOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

const WHERE =
  '\n\nFor a deployed fleet, give the outputs of the platform stack: --bucket AuditBucket --table StateTable. Credentials come from the AWS environment.';

const BY_API =
  '\n\nWith --url or FLEET_URL, the task API reads and verifies the entries. Otherwise the command reads the trail itself.';

/** Adds `fleet audit`, which verifies and shows the audit trail. Exit code 1 if the trail is damaged. */
export function addAudit(fleet: Command): void {
  const audit = fleet.command('audit').description('verifies and shows the audit trail of tool calls');
  const where = (command: Command): Command =>
    command
      .option('--bucket <name>', 'audit bucket of a deployed fleet (default: the fleet on this machine)')
      .option('--table <name>', 'its state table; without it, missing entries at the end are not noticed');
  where(audit.command('verify'))
    .option('--json', 'one JSON object on stdout')
    .argument('[tasks...]', 'ids of tasks')
    .option('--all', 'all tasks that have entries')
    .description('checks each entry against the previous one and against its task')
    .addHelpText(
      'after',
      `\nExit codes: 0 the trail is intact, 1 it is damaged, 2 wrong usage.${WHERE}\n\nExample:\n  npm run fleet -- audit verify --all`,
    )
    .action((tasks: string[], options: AuditOptions) =>
      withTrail(options, (trail, output) => verifyTasks(trail, tasks, options, output)),
    );
  where(withApi(audit.command('show')))
    .argument('<task>', 'id of a task')
    .description('shows the tool calls of a task, in order')
    .addHelpText('after', `${BY_API}${WHERE}\n\nExample:\n  npm run fleet -- audit show task-0123456789abcdef`)
    .action((task: string, options: AuditOptions & { readonly url?: string }) =>
      options.bucket === undefined && (options.url ?? fleetEnvironment.url) !== undefined
        ? showByApi(task, options)
        : withTrail(options, (trail, output) => showTask(trail, task, options, output)),
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
  if (all === tasks.length > 0)
    throw wrongUsage('Give task ids or --all.', 'See npm run fleet -- audit verify --help.');
  const verdicts: AuditVerdict[] = [];
  for await (const id of all ? trail.reader.tasks() : tasks) {
    for (const verdict of await verdictsOf(trail, id)) {
      verdicts.push(verdict);
      output.line(verdictLine(verdict));
      for (const finding of verdict.findings) output.line(`       ${findingLine(finding)}`);
      if (verdict.announced) output.line(`       announced but never started: ${entryLine(verdict.announced)}`);
    }
  }
  const wrong = verdicts.filter(({ whole }) => !whole);
  if (json) output.json({ whole: wrong.length === 0, verdicts });
  if (wrong.length > 0)
    throw new UserError(
      `The audit trail is damaged for ${count(wrong.length, 'task')} of ${verdicts.length}.`,
      'docs/audit.md explains each finding and what to keep as evidence.',
    );
  output.line(`The audit trail is intact: ${count(verdicts.length, 'task')}.`);
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
    for (const entry of verdict.uncounted) output.line(`${entryLine(entry)}  (not counted)`);
    for (const finding of verdict.findings) output.line(findingLine(finding));
  }
  if (json) output.json({ verdicts });
  if (verdicts.some(({ whole }) => !whole))
    throw new UserError(`The audit trail of ${task} is damaged.`, 'docs/audit.md explains each finding.');
}

async function verdictsOf(trail: OpenTrail, id: string): Promise<AuditVerdict[]> {
  const verdicts = await verifyTask(trail, parseId(id));
  if (verdicts.length === 0)
    throw new UserError(`Task "${id}" not found, and it has no audit entries.`, 'Check the id and the fleet.');
  return verdicts;
}

function parseId(id: string): TaskId {
  const parsed = taskIdSchema.safeParse(id);
  if (!parsed.success) throw wrongUsage(`"${id}" is not a task id.`, 'A task id has 1 to 128 characters.');
  return parsed.data;
}

/** Turns AWS errors that a person can fix into a `UserError`. */
function unreadableTrail(error: unknown): UserError | null {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchBucket' || name === 'ResourceNotFoundException')
    return new UserError('Bucket or table not found.', 'Check --bucket, --table, and the region.');
  if (name === 'AccessDenied' || name === 'AccessDeniedException')
    return new UserError(
      'Access to the audit trail was denied.',
      'You need s3:ListBucketVersions, s3:GetObjectVersion and dynamodb:GetItem, and kms:Decrypt if the data has a KMS key.',
    );
  return null;
}
