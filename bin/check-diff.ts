import { Command } from 'commander';
import { changedPermissions, permissionsIn } from '#lib/diff/permissions.ts';
import { lostData } from '#lib/diff/lost-data.ts';
import { readTemplates, TemplatesError, type Template } from '#lib/diff/read-templates.ts';

const program = new Command('check-diff')
  .description('Compares deployed templates with new ones. Exits with 1 if data would be lost or permissions widened.')
  .argument('<deployed>', 'folder of the deployed templates: STACK-REGION.template.json')
  .argument('<new>', 'folder of the new ones, such as cdk.out')
  .option('--json', 'one JSON object on stdout')
  .addHelpText(
    'after',
    `
Exit codes: 0 nothing to review, 1 something to review, 2 wrong usage. A permission that is dropped is listed and no
reason to stop: drop it one release after its last use, since old versions share the role while a deploy runs.

Example:
  npm run check:diff -- deployed cdk.out`,
  )
  .action((deployed: string, next: string, { json = false }: { json?: boolean }) => {
    const before = readTemplates(deployed);
    const after = readTemplates(next);
    const lost = [...before].flatMap(([stack, template]) => lostData(stack, template, after.get(stack)));
    const all = (templates: ReadonlyMap<string, Template>): Set<string> =>
      new Set([...templates].flatMap(([stack, template]) => [...permissionsIn(stack, template)]));
    const { widened, narrowed } = changedPermissions(all(before), all(after));
    if (json) process.stdout.write(`${JSON.stringify({ lost, widened, narrowed }, null, 2)}\n`);
    else
      print({
        'Data that would be lost': lost,
        'Permissions that are wider': widened,
        'Permissions that are dropped': narrowed,
      });
    process.exitCode = lost.length + widened.length > 0 ? 1 : 0;
  });

function print(found: Readonly<Record<string, readonly string[]>>): void {
  for (const [title, lines] of Object.entries(found))
    process.stdout.write(
      lines.length === 0 ? `${title}: none\n` : `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`,
    );
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof TemplatesError)) throw error;
  process.stderr.write(`${error.message}\nGive a folder with CloudFormation templates, such as cdk.out.\n`);
  process.exitCode = 2;
}
