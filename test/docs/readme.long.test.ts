import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { codeBlocks } from './support/markdown.ts';
import { ProjectCopy } from './support/project-copy.ts';
import { Shell, type Running } from './support/shell.ts';

/** Follows README.md from its first block to its last in a copy of the project, as after a fresh clone. */
const readme = readFileSync('README.md', 'utf8');
const blocks = codeBlocks(readme);
const textsOf = (language: string): string[] =>
  blocks.filter((block) => block.language === language).map(({ text }) => text.trim());
const [setUp = '', documents = '', commands = '', http = '', fiveTasks = ''] = textsOf('sh');
const [client = '', fiveTasksScript = ''] = textsOf('ts');

let project: ProjectCopy;
let shell: Shell;
let fleet: Running;
/** The task API's address: not the README's port, since a fleet may be running on this machine. */
let api = '';
const home = (): string => join(project.folder, 'home');

beforeAll(async () => {
  project = new ProjectCopy();
  mkdirSync(home());
  const start = setUp.split('\n').at(-1) ?? '';
  fleet = await new Shell(project.folder).start(`${start} -- --port 0 --api-port 0`, 'Ctrl-C stops the fleet.');
  api = /http:\S+(?=\/openapi\.json)/.exec(fleet.said())?.[0] ?? '';
  shell = new Shell(project.folder, { HOME: home(), FLEET_URL: api });
});

afterAll(async () => {
  await fleet.interrupt();
  project[Symbol.dispose]();
});

/** Runs a command that must succeed and returns the lines it printed, without npm's own. */
async function typed(command: string): Promise<string[]> {
  const { code, stdout, stderr } = await shell.run(command);
  expect({ command, code, stderr }).toMatchObject({ code: 0 });
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('> '));
}

const ID = 'task-0123456789abcdef';
const reportSchema = z.object({ documents: z.array(z.object({ status: z.string() })) });

it('two commands set everything up: the lock file is valid, and the sample ends with a report', async () => {
  expect(setUp).toBe('npm ci\nnpm start');
  // Checks what npm ci would reject, without writing anything or using the network.
  await typed('npm ci --dry-run --offline');
  const report = /Report: (\S+\.html)/.exec(fleet.said())?.[1] ?? '';
  expect(readFileSync(report, 'utf8')).toContain('<title>');
  const { documents } = reportSchema.parse(JSON.parse(readFileSync(report.replace('.html', '.json'), 'utf8')));
  const failed = documents.filter(({ status }) => status === 'failed');
  expect(readme).toContain(`puts ${documents.length} sample contracts (${failed.length} of them broken)`);
});

it('your own folder of contracts becomes a report', async () => {
  const samples = join(project.folder, '.fleet/sample/contracts');
  mkdirSync(join(home(), 'contracts'));
  for (const file of readdirSync(samples).slice(0, 3))
    copyFileSync(join(samples, file), join(home(), 'contracts', file));
  await typed(documents);
  expect(existsSync(join(home(), 'report', 'report.html'))).toBe(true);
});

it('submit, wait, watch on the command line', async () => {
  const [submit = '', wait = '', watch = ''] = commands.split('\n');
  const id = /^Accepted: (\S+)/.exec((await typed(submit))[0] ?? '')?.[1] ?? '';
  expect((await typed(wait)).at(-1)).toBe('[simulated] 6 * 7 = 42');
  expect((await typed(watch.replace(ID, id))).at(-1)).toContain(`${id}  succeeded`);
});

it('submit, wait, watch over HTTP, pasted as one block', async () => {
  // The answers follow each other without a line break.
  const [waited = '', steps = ''] = (await typed(http)).join('\n').split(/(?<=\})\s*(?=\{"steps")/);
  expect(JSON.parse(waited)).toMatchObject({ id: expect.stringMatching(/^task-/) as string, status: 'succeeded' });
  expect(JSON.parse(steps)).toMatchObject({ steps: [{ kind: 'model' }] });
});

it('submit, wait, watch with the client', async () => {
  const printed = 'console.log(status, JSON.stringify(output));';
  writeFileSync(join(project.folder, 'submit.ts'), [client, printed].join('\n'));
  const said = await typed('FLEET_KEY=$(cat .fleet/main/api-key) npx node submit.ts');
  expect(said.at(-1)).toBe('succeeded {"text":"[simulated] 6 * 7 = 42"}');
});

it('the five tasks are those of the example, and it runs', async () => {
  expect(`${fiveTasksScript}\n`).toBe(readFileSync('client/examples/five-tasks.ts', 'utf8'));
  // The fleet has a port of its own, which the commands find out.
  const said = await typed(`unset FLEET_URL; ${fiveTasks}`);
  expect(said).toHaveLength(5);
  for (const line of said) expect(line).toMatch(/^succeeded /);
});
