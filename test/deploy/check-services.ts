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
import { compareEnds } from './services/compare.ts';
import type { Ended } from './services/compare.ts';
import { explainedIn } from './services/explained.ts';

/** The tests of each service that speak to it by the SDK alone. */
const TESTS = {
  dynamodb: ['test/contract/task-store.test.ts', 'test/contract/upload-store.test.ts'],
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
      failed = !(await judged(service, tests, cloud.endpoint)) || failed;
  } finally {
    await cloud.close();
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

/** Runs a service's tests on MiniStack and prints what differs; false when something does without a known reason. */
async function judged(service: string, tests: readonly string[], endpoint: string): Promise<boolean> {
  say(`${service} …`);
  const known = explainedIn(service);
  const { agree, onlyOurs, explained, open, stale } = compareEnds(
    await endsOf(service, tests, endpoint),
    known,
    ONLY_OURS,
  );
  const lines = [
    `${service}: ${agree} agree, ${explained.length} differ with a reason, ${open.length} without; ${onlyOurs} need our own service and were not asked`,
    ...explained.map((title) => `  differs    ${title}: ${known.get(title)}`),
    ...open.map(({ title, message }) => `  FAILED     ${title}: ${message}`),
    ...stale.map((title) => `  FAILED     ${title}: explained, but differs no more: take it out of the specification`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return open.length === 0 && stale.length === 0;
}

async function endsOf(service: string, tests: readonly string[], endpoint: string): Promise<Ended[]> {
  const file = join(folder, `${service}.json`);
  // One file after the other, since each test empties the judge.
  const options = ['--no-file-parallelism', '--reporter=json', `--outputFile=${file}`];
  await run(process.execPath, [join(PROJECT, 'node_modules/vitest/vitest.mjs'), 'run', ...options, ...tests], {
    cwd: PROJECT,
    env: { ...process.env, FLEET_JUDGE_ENDPOINT: endpoint },
    signal,
    log: join(folder, `${service}.log`),
  }).catch((error: unknown) => {
    // Failed tests end it with an error: they are what is compared.
    if (!(error instanceof CommandError)) throw error;
  });
  const { testResults } = resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults
      // A contract's tests run on an in-memory fake as well, which says nothing of a service.
      .filter(({ fullName }) => !fullName.includes('in memory'))
      .map(({ title, status, failureMessages: [failure = ''] }) => ({
        title,
        passed: status === 'passed',
        message: failure.split('\n')[0] ?? '',
      })),
  );
}
