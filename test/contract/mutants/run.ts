/**
 * Runs the contract tests with each planted bug, one project per mutant: a plugin serves the mutant's sources in place of
 * the adapter's own. Prints one JSON object: what each mutant's tests said. `node test/contract/mutants/run.ts [name…]`
 */
import { createVitest } from 'vitest/node';
import { PROJECT, shippedMutants, type Mutant } from './planted.ts';

/** The result of one mutant's tests. */
export interface Tried {
  readonly name: string;
  readonly breaks: string;
  readonly passed: number;
  /** The tests that fail with the bug. None: the mutant survives. */
  readonly failed: readonly string[];
  /** Errors outside of tests, such as a source that does not load. */
  readonly broken: readonly string[];
}

const projectOf = ({ name, tests, sources }: Mutant) => ({
  root: PROJECT,
  plugins: [{ name: `plants ${name}`, enforce: 'pre' as const, load: (id: string) => sources.get(id) ?? null }],
  test: { name, include: [tests], isolate: true, testTimeout: 30_000, hookTimeout: 60_000 },
});

async function tryAll(names: readonly string[]): Promise<readonly Tried[]> {
  const mutants = (await shippedMutants()).filter(({ name }) => names.length === 0 || names.includes(name));
  const vitest = await createVitest(
    'test',
    { config: false, root: PROJECT, watch: false, reporters: [{}], projects: mutants.map(projectOf), maxWorkers: 2 },
    {},
  );
  try {
    await vitest.start();
    const modules = vitest.state.getTestModules();
    return mutants.map(({ name, breaks }) => {
      const own = modules.filter(({ project }) => project.name === name);
      const tests = own.flatMap((module) => [...module.children.allTests()]);
      const failed = tests.filter((test) => test.result().state === 'failed').map(({ fullName }) => fullName);
      const passed = tests.filter((test) => test.result().state === 'passed').length;
      const broken = own.flatMap((module) => module.errors().map(({ message }) => message));
      return { name, breaks, passed, failed, broken };
    });
  } finally {
    await vitest.close();
  }
}

const results = await tryAll(process.argv.slice(2));
process.stdout.write(`${JSON.stringify(results)}\n`);
process.exit(0);
