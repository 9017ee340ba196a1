import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { changedPermissions } from '#lib/diff/access-of-template.ts';
import { deployedTemplates, stacksOf } from '#lib/diff/deployed-templates.ts';
import { lostData } from '#lib/diff/lost-data.ts';
import { readTemplates, TemplatesError, type Template } from '#lib/diff/read-templates.ts';

const program = new Command('check:diff')
  .description('Compares new templates with the deployed ones. Stops when data would be lost or access is wider.')
  .argument('<new>', 'folder that `cdk synth` wrote, such as cdk.out')
  .option('--deployed <folder>', 'compare with the templates of this folder instead of those that are deployed')
  .option('--reviewed <codes>', 'codes of findings that were reviewed, separated by spaces; `any` accepts all findings')
  .option('--json', 'print one JSON object to stdout')
  .addHelpText(
    'after',
    `
Without --deployed it asks CloudFormation, with your AWS credentials, for the templates of the same stacks in all their
regions. That needs cloudformation:DescribeStacks and cloudformation:GetTemplate.

Exit codes: 0 nothing to review, or it was reviewed; 1 something to review; 2 wrong usage, or the templates cannot be
read. A permission that is dropped is only listed: drop it one release after its last use, since old versions share the
role while a deploy runs.

Examples:
  npx cdk synth --quiet -c env=prod && npm run check:diff -- cdk.out
  npm run check:diff -- cdk.out --reviewed 3fa91c07b2d4`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(check);

interface Options {
  readonly deployed?: string;
  readonly reviewed?: string;
  readonly json?: boolean;
}

async function check(next: string, { deployed, reviewed = '', json = false }: Options): Promise<void> {
  const after = readTemplates(next);
  const before = deployed === undefined ? await deployedTemplates(stacksOf(next)) : readTemplates(deployed);
  const found = compare(before, after);
  const code = codeOf(found);
  const isReviewed = code !== null && reviewed.split(/[\s,]+/).some((each) => each === code || each === 'any');
  if (json) process.stdout.write(`${JSON.stringify({ ...found, code, reviewed: isReviewed }, null, 2)}\n`);
  else print(found, code, isReviewed);
  process.exitCode = code === null || isReviewed ? 0 : 1;
}

interface Found {
  readonly lost: readonly string[];
  readonly widened: readonly string[];
  readonly narrowed: readonly string[];
}

function compare(before: ReadonlyMap<string, Template>, after: ReadonlyMap<string, Template>): Found {
  const stacks = [...new Set([...before.keys(), ...after.keys()])];
  const changed = stacks.map((stack) => changedPermissions(stack, before.get(stack), after.get(stack)));
  return {
    lost: [...before].flatMap(([stack, template]) => lostData(stack, template, after.get(stack))),
    widened: changed.flatMap(({ widened }) => widened),
    narrowed: changed.flatMap(({ narrowed }) => narrowed),
  };
}

/** Names exactly these findings: after any other change the review must be repeated. Null when there are none. */
function codeOf({ lost, widened }: Found): string | null {
  if (lost.length + widened.length === 0) return null;
  const sorted = JSON.stringify([lost.toSorted(), widened.toSorted()]);
  return createHash('sha256').update(sorted).digest('hex').slice(0, 12);
}

function print({ lost, widened, narrowed }: Found, code: string | null, isReviewed: boolean): void {
  const lists = {
    'Data that would be lost': lost,
    'Access that is wider': widened,
    'Permissions that are dropped': narrowed,
  };
  for (const [title, lines] of Object.entries(lists))
    process.stdout.write(
      lines.length === 0 ? `${title}: none\n` : `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`,
    );
  if (code === null) return;
  process.stdout.write(
    isReviewed ? `Reviewed: ${code}.\n` : `To accept exactly these findings, check again with --reviewed ${code}.\n`,
  );
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof TemplatesError)) throw error;
  process.stderr.write(
    `${error.message}\nGive the folder that \`cdk synth\` wrote, and credentials that may read the stacks, or a folder of templates with --deployed.\n`,
  );
  process.exitCode = 2;
}
