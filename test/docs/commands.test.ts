import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { systems } from '#bin/systems.ts';
import { program } from '#cli/program.ts';
import { commandPaths } from '../cli/support/documented.ts';
import { EXAMPLES, isRemoved, isRemovedCommand } from '../support/examples.ts';
import { RUN } from './commands-run.ts';
import { documents, inlineCode } from './support/markdown.ts';
import { typedCommands } from './support/typed.ts';

interface NotRun {
  readonly command: RegExp;
  readonly because: string;
  /** Throws if the command could not do what its document says. */
  readonly check: () => void;
}

/** What the scripts do, after the check of Node that each begins with. */
const scripts = (
  JSON.parse(
    readFileSync('package.json', 'utf8').replaceAll(
      /(?<="node )-r \.\/bin\/check-node\.cjs |node bin\/check-node\.cjs && /g,
      '',
    ),
  ) as { scripts: Record<string, string> }
).scripts;

const typed = typedCommands();
const VITEST = /^npx vitest run ((?:test|packages)\/[\w/.-]+)$/;
const BENCH_OF_A_SYSTEM = /^npm run bench -- (market|research)((?: --\S+ \S+)*)$/;
const TEST_OF_A_PACKAGE = /^npm test -w ([\w/-]+)$/;
const named = (command: RegExp): string[] => typed.flatMap((each) => command.exec(each.command)?.[1] ?? []);

const NOT_RUN: readonly NotRun[] = [
  {
    command: /^npm run gameday$/,
    because: 'It takes half an hour. The nightly workflow runs it, and checks its figures.',
    check() {
      expect(spawnSync(process.execPath, ['test/gameday/gameday.ts', '--help']).status).toBe(0);
      const nightly = readFileSync('.github/workflows/nightly.yml', 'utf8');
      expect(nightly).toMatch(/npm run --silent gameday -- --json > (\S+)\n[^]*node test\/gameday\/check\.ts \1\n/);
    },
  },
  {
    command: BENCH_OF_A_SYSTEM,
    because: 'It takes four to thirty minutes. Tests play shorter days and nights.',
    check() {
      for (const { command } of typed) {
        const [, name = '', options = ''] = BENCH_OF_A_SYSTEM.exec(command) ?? [];
        if (name === '' || systems.every((system) => !system.name.startsWith(name))) continue;
        const { status, stdout } = spawnSync(process.execPath, ['bench/run.ts', name, '--help'], { encoding: 'utf8' });
        expect(status).toBe(0);
        for (const [option] of options.matchAll(/--\S+/g)) expect(stdout).toContain(option);
      }
    },
  },
  {
    command: /^npm run bench -- (peers --save|scale --write)$/,
    because:
      'The first takes a quiet machine and twenty minutes, the second writes a document that another test compares.',
    check: () => expect(readFileSync('bench/run.ts', 'utf8')).toMatch(/'--save'[^]*'--write'/),
  },
  {
    command: /^npm (test|run verify)$/,
    because: 'This test is part of them.',
    check() {
      expect(scripts['test']).toBe('vitest run --project short');
      for (const part of [
        'oxfmt --check .',
        'npm run lint',
        'npm run types',
        'npm run deadcode',
        'npm run synth',
        'npm test',
      ])
        expect(scripts['verify']).toContain(part);
    },
  },
  {
    command: /^npm run (types|lint)$/,
    because: 'They are parts of npm run verify, as above.',
    check: () =>
      expect(scripts).toMatchObject({
        types: 'tsc --noEmit && tsc --noEmit -p console',
        lint: expect.stringMatching(/^oxlint /),
      }),
  },
  {
    command: /^npm run test:(long|nightly)$/,
    because: 'They run tests, some of which run documented commands.',
    check() {
      expect(scripts).toMatchObject({
        'test:long': 'vitest run --project long',
        'test:nightly': 'vitest run --project nightly',
      });
      expect(readFileSync('.ci/run', 'utf8')).toContain('npm run test:long');
      expect(readFileSync('.github/workflows/nightly.yml', 'utf8')).toContain('npm run test:nightly');
    },
  },
  {
    command: /^npm run test:slowest$/,
    because: 'It reads the reports of the runs before it.',
    check: () => expect(existsSync('test/support/slowest.ts')).toBe(true),
  },
  {
    command: VITEST,
    because: 'It runs tests of this same run.',
    check: () => expect(named(VITEST).filter((path) => !existsSync(path))).toEqual([]),
  },
  {
    command: TEST_OF_A_PACKAGE,
    because: 'It runs tests of this same run.',
    check() {
      for (const path of named(TEST_OF_A_PACKAGE))
        expect(JSON.parse(readFileSync(`${path}/package.json`, 'utf8'))).toHaveProperty('scripts.test');
    },
  },
  {
    command: /^npm run docs$/,
    because: 'test/core/api/openapi.test.ts compares what it would write.',
    check: () => expect(scripts['docs']).toContain('bin/openapi.ts'),
  },
  {
    command: /^npm run screenshots$/,
    because: 'It replaces pictures in docs/console. The tests of test/console take the same ways in the same browser.',
    check: () => expect(scripts['screenshots']).toBe('node test/console/screenshots.ts'),
  },
  {
    command: /^npm run keep:release$/,
    because: 'It replaces the kept build of the release before, and runs at a release.',
    check: () => expect(scripts['keep:release']).toBe('node test/support/previous-release/keep.ts'),
  },
  {
    command: /^npm run kafka$/,
    because:
      'It needs Java and the network, and runs until Ctrl-C. kafka-mapping.nightly.test.ts starts the same broker.',
    check: () => expect(scripts['kafka']).toContain('packages/local-cloud/testing/kafka-broker.ts'),
  },
  {
    command: /^npm run check:deploy( -- --regions)?$/,
    because: 'It installs an AWS emulator from PyPI and then uses both processors for a minute.',
    check: () => expect(spawnSync(process.execPath, ['test/deploy/check-deploy.ts', '--help']).status).toBe(0),
  },
  {
    command: /^npm run check:aws( -- --(ministack|remove \S+|yes))*$/,
    because: 'It deploys to an AWS account, or installs an AWS emulator from PyPI.',
    check: () => expect(spawnSync(process.execPath, ['test/deploy/check-aws.ts', '--help']).status).toBe(0),
  },
  {
    command: /^npm run check:services$/,
    because: 'Like check:deploy. This run includes the same tests, against our own services.',
    check() {
      const tests =
        readFileSync('test/deploy/check-services.ts', 'utf8').match(
          /(?<=')(?:packages\/[\w-]+\/)?test\/[\w/.-]+(?=')/g,
        ) ?? [];
      expect(tests.length).toBeGreaterThan(4);
      expect(tests.filter((path) => !existsSync(path))).toEqual([]);
    },
  },
  {
    command: /^npm i$/,
    because: 'It calls the npm registry.',
    check: () => expect(existsSync('package-lock.json')).toBe(true),
  },
  {
    command: /^npx cdk synth$/,
    because: 'A decision names it; npm run synth runs it, and cdk.nightly.test.ts runs it for an environment.',
    check: () => expect(scripts['synth']).toMatch(/^cdk synth/),
  },
];

const rows: readonly { readonly command: RegExp }[] = [...RUN, ...NOT_RUN];
/** Those whose test was removed with an example system. */
const gone = RUN.filter(({ by }) => isRemoved(by));

describe('documented commands', () => {
  it('are found in many documents', () => {
    expect(typed.length).toBeGreaterThan(100);
    expect(new Set(typed.map(({ path }) => path)).size).toBeGreaterThan(12);
  });

  it('are each run by a test, or have a reason why not', () => {
    const others = typed.filter(({ command }) => !rows.some((row) => row.command.test(command)));
    expect(others).toEqual([]);
  });

  it('have no rows that no document shows', () => {
    const there = rows.filter((row) => !gone.some((each) => each === row));
    const stale = there.filter((row) => !typed.some(({ command }) => row.command.test(command)));
    expect(stale).toEqual([]);
  });

  test.each(RUN.filter(({ by }) => !isRemoved(by)))('$command is run by $by', ({ by, proof }) => {
    expect(readFileSync(by, 'utf8')).toMatch(proof);
  });

  test.each(NOT_RUN)('$command is not run: $because', ({ check }) => expect(check).not.toThrow());

  it('run files that exist', () => {
    const files = Object.values(scripts).flatMap((script) => script.match(/(?<=^|\s)[\w-]+\/[\w./-]+\.\w+/g) ?? []);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => file !== 'docs/openapi.json' && !existsSync(file))).toEqual([]);
  });

  it('name scripts that exist', () => {
    const there = typed.filter(({ command }) => !gone.some((row) => row.command.test(command)));
    const named = there.flatMap(({ command }) => /^npm run ([\w:]+)/.exec(command)?.[1] ?? []);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  it.each(systems.filter(({ name }) => name in EXAMPLES))(
    '$name adds the commands by which documents are skipped when it is removed',
    ({ name }) => {
      const first = (all: typeof systems) => commandPaths(program(all)).map((path) => path.split(' ')[0]);
      const others = first(systems.filter((system) => system.name !== name));
      const added = new Set(first(systems).filter((command) => !others.includes(command)));
      expect(added).toEqual(new Set(EXAMPLES[name]));
    },
  );

  it('`fleet …` in prose is a command of the program', () => {
    const paths = commandPaths(program(systems)).map((path) => `fleet ${path} `);
    const named = documents().flatMap(({ text }) => inlineCode(text).filter((code) => /^fleet [a-z]/.test(code)));
    const unknown = named.filter(
      (code) => !paths.some((path) => path.startsWith(`${code} `) || `${code} `.startsWith(path)),
    );
    expect(unknown.filter((code) => !isRemovedCommand(code.slice('fleet '.length)))).toEqual([]);
  });

  it('every command of the program has a row in docs/commands.md', () => {
    const text = readFileSync('docs/commands.md', 'utf8');
    const words = new Set(commandPaths(program(systems)).map((path) => path.split(' ')[0] ?? ''));
    expect([...words].filter((word) => !new RegExp(`^\\| \`npm run fleet -- ${word}\\b`, 'm').test(text))).toEqual([]);
    expect(words.size).toBeGreaterThan(20);
  });
});
