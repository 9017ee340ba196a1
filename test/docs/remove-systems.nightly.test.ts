import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES } from '../support/examples.ts';
import { ProjectCopy } from './support/project-copy.ts';
import { removeSystem } from './support/remove-system.ts';
import { Shell } from './support/shell.ts';

/** Removes examples in a copy of the project, as CONTRIBUTING.md says, and adds an agent: the checks stay green. */
const examples = Object.keys(EXAMPLES);
const MINUTES = 60_000;
const SHORT = 'npx vitest run --project short';
/** Tests of the platform that look at all systems: at their commands, stacks, costs and documents. */
const TESTS_OF_ALL = 'test/docs test/synth test/deploy test/lint test/cli/new';

/** What the compiler found in the whole project. A copy without a system only has to check what imported it. */
const FOUND = 'types.tsbuildinfo';
const TYPES = `npx tsc --noEmit --incremental --tsBuildInfoFile ${FOUND}`;
let whole: ProjectCopy;
const used: Disposable[] = [];

beforeAll(async () => {
  whole = new ProjectCopy('with tests');
  await expectGreen(new Shell(whole.folder), [TYPES]);
  return () => whole[Symbol.dispose]();
}, 5 * MINUTES);
afterEach(() => {
  for (const each of used.splice(0).toReversed()) each[Symbol.dispose]();
});

function copy(): { readonly project: ProjectCopy; readonly shell: Shell } {
  const project = new ProjectCopy('with tests');
  copyFileSync(join(whole.folder, FOUND), join(project.folder, FOUND));
  const shell = new Shell(project.folder, { FLEET_HOME: `${project.folder}/.fleet` });
  used.push(project, shell);
  return { project, shell };
}

async function expectGreen(shell: Shell, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const { code, stdout, stderr } = await shell.run(`NO_COLOR=1 ${command}`);
    const said = code === 0 ? '' : stripVTControlCharacters(stdout + stderr).slice(-8_000);
    expect({ command, code, said }).toEqual({ command, code: 0, said: '' });
  }
}

interface Issues {
  readonly issues: readonly Readonly<
    Record<'dependencies' | 'devDependencies', readonly { readonly name: string }[]>
  >[];
}

/** Uninstalls the dependencies that `npm run deadcode` names. The copy shares its modules, which therefore stay. */
async function uninstallUnused(shell: Shell): Promise<void> {
  const { stdout } = await shell.run('npx knip --reporter json --include dependencies');
  const { issues } = JSON.parse(stdout) as Issues;
  const names = issues.flatMap((each) => [...each.dependencies, ...each.devDependencies].map(({ name }) => name));
  const quietly = '--package-lock-only --offline --ignore-scripts --no-audit --no-fund';
  if (names.length > 0) await expectGreen(shell, [`npm uninstall ${quietly} ${names.join(' ')}`]);
}

describe.each(examples)('without %s', (name) => {
  it(
    'types, dead code and the tests of documents hold',
    async () => {
      const { project, shell } = copy();
      removeSystem(project.folder, name);
      await uninstallUnused(shell);
      await expectGreen(shell, ['npm run format', TYPES, 'npx knip', `${SHORT} test/docs`]);
    },
    15 * MINUTES,
  );
});

describe('without any example', () => {
  it(
    'types, lint, dead code and the tests of the platform hold',
    async () => {
      const { project, shell } = copy();
      for (const name of examples) removeSystem(project.folder, name);
      await uninstallUnused(shell);
      const checks = ['npm run format', TYPES, 'npm run lint', 'npx knip'];
      await expectGreen(shell, [...checks, `${SHORT} ${TESTS_OF_ALL} test/cli/api-commands.test.ts`]);
    },
    15 * MINUTES,
  );

  it(
    'npm start has a fleet that answers',
    async () => {
      const { project, shell } = copy();
      for (const name of examples) removeSystem(project.folder, name);
      const fleet = await shell.start('npm start -- --port 0 --api-port 0', 'Ctrl-C stops the fleet.');
      const { code, stdout } = await shell.run("npm run -s fleet -- submit assistant 'What is 6 times 7?' --wait");
      expect({ code, answer: stdout.trim() }).toEqual({ code: 0, answer: expect.stringContaining('42') });
      expect(await fleet.interrupt()).toContain('Stopped.');
    },
    15 * MINUTES,
  );
});

it(
  'with one more agent types, lint, dead code and the tests of the platform hold',
  async () => {
    const { shell } = copy();
    const checks = ['npx oxfmt --check bin systems/greeter', TYPES, 'npm run lint', 'npx knip'];
    const tests = `${SHORT} ${TESTS_OF_ALL} systems/greeter`;
    await expectGreen(shell, ['npm run fleet -- new agent greeter', ...checks, tests]);
  },
  15 * MINUTES,
);

it('CONTRIBUTING.md names the examples, and each place to change', () => {
  const [, section = ''] = readFileSync('CONTRIBUTING.md', 'utf8').split('### Remove an example system\n');
  const list = section.split('\n## ')[0];
  for (const name of examples) expect(list).toContain(`[${name}](systems/${name})`);
  for (const place of ['`systems/`', '[bin/systems.ts]', '`config/*.json`', '[package.json]', '`npm uninstall`'])
    expect(list).toContain(place);
});
