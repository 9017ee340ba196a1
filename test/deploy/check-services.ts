import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureFolder, FLEET_HOME, PROJECT } from '#cli/fleet/paths.ts';
import { UserError } from '#cli/user-error.ts';
import { ONLY_OURS } from '@agent-fleet/local-cloud/testing/judge';
import { installMiniStack } from './ministack/install.ts';
import { startMiniStack } from './ministack/ministack.ts';
import { CommandError, run } from './process.ts';
import { compareResults } from './services/compare.ts';
import type { TestResult } from './services/compare.ts';
import { explainedIn } from './services/explained.ts';
import { startKinesisLocal } from './services/kinesis-local.ts';

const KINESIS_TESTS = ['streams', 'records', 'iterators', 'resharding', 'limits'].map(
  (name) => `packages/local-cloud/test/kinesis/${name}.test.ts`,
);

/** The tests that use a service only through the SDK, by service. They run against MiniStack. */
const TESTS = {
  dynamodb: ['test/contract/task-store.test.ts', 'test/contract/upload-store.test.ts'],
  kinesis: KINESIS_TESTS,
  s3: ['packages/local-cloud/test/s3'],
  secretsmanager: ['packages/local-cloud/test/secretsmanager'],
  sqs: ['packages/local-cloud/test/sqs'],
};

const resultsSchema = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ title: z.string(), fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

const say = (line: string) => void process.stderr.write(`${line}\n`);
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
const { signal } = interruption;
const folder = ensureFolder(join(FLEET_HOME, 'check-services', randomUUID().slice(0, 8)));

try {
  const programs = await installMiniStack(signal);
  const cloud = await startMiniStack({ programs, folder, signal });
  let failed = false;
  try {
    for (const [service, tests] of Object.entries(TESTS))
      failed = !(await compareService(service, tests, { name: 'MiniStack', endpoint: cloud.endpoint })) || failed;
  } finally {
    await cloud.close();
  }
  const kinesis = await startKinesisLocal(folder, signal);
  try {
    const other = { name: 'kinesis-local', endpoint: kinesis.endpoint };
    failed = !(await compareService('kinesis', KINESIS_TESTS, other)) || failed;
  } finally {
    await kinesis.close();
  }
  process.exitCode = failed ? 1 : 0;
} catch (error) {
  if (signal.aborted) process.exitCode = 130;
  else if (error instanceof UserError) {
    say(`${error.message}\n${error.remedy}`);
    process.exitCode = 1;
  } else throw error;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** An independent emulator. */
interface Judge {
  readonly name: string;
  readonly endpoint: string;
}

/** Runs a service's tests on another emulator and prints the differences. Returns false if a difference has no known reason. */
async function compareService(service: string, tests: readonly string[], other: Judge): Promise<boolean> {
  const title = other.name === 'MiniStack' ? service : `${service} (${other.name})`;
  say(`${title} …`);
  const known = explainedIn(service, other.name);
  const { agree, onlyOurs, explained, open, stale } = compareResults(
    await resultsOf(service, tests, other),
    known,
    ONLY_OURS,
  );
  const lines = [
    `${title}: ${agree} agree, ${explained.length} differ with a reason, ${open.length} differ without a reason; ${onlyOurs} need the local cloud's own service and were skipped`,
    ...explained.map((test) => `  differs    ${test}: ${known.get(test)}`),
    ...open.map(({ title: test, message }) => `  FAILED     ${test}: ${message}`),
    ...stale.map((test) => `  FAILED     ${test}: no longer differs. Remove its row from the specification.`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return open.length === 0 && stale.length === 0;
}

async function resultsOf(service: string, tests: readonly string[], { name, endpoint }: Judge): Promise<TestResult[]> {
  const file = join(folder, `${service}-${name}.json`);
  // One file after the other, because each test empties MiniStack.
  const options = ['--no-file-parallelism', '--reporter=json', `--outputFile=${file}`];
  await run(process.execPath, [join(PROJECT, 'node_modules/vitest/vitest.mjs'), 'run', ...options, ...tests], {
    cwd: PROJECT,
    env: { ...process.env, FLEET_JUDGE_ENDPOINT: endpoint, FLEET_JUDGE: name },
    signal,
    log: join(folder, `${service}.log`),
  }).catch((error: unknown) => {
    // Vitest exits with an error if a test fails. These failures are the result to compare.
    if (!(error instanceof CommandError)) throw error;
  });
  const { testResults } = resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults
      // The contract tests also run on an in-memory fake, which is not relevant here.
      .filter(({ fullName }) => !fullName.includes('in memory'))
      .map(({ title, status, failureMessages: [failure = ''] }) => ({
        title,
        passed: status === 'passed',
        message: failure.split('\n')[0] ?? '',
      })),
  );
}
