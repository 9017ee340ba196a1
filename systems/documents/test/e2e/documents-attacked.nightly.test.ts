import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reportSchema } from '../../report/schema.ts';
import { writeSamples } from '../../samples/samples.ts';
import { attacks } from '../pdf/attacks.ts';
import { runProgram } from '#test/e2e/support/run-program.ts';

const GOOD = 6;

/** A run on the real local cloud, and the prices of its good documents. */
async function run(home: string, name: string, hostile: ReadonlyMap<string, Uint8Array>) {
  const folder = join(home, name);
  await mkdir(folder);
  await writeSamples(folder, { count: GOOD, broken: 0, seed: 7 });
  for (const [what, bytes] of hostile) await writeFile(join(folder, `bad ${what}.pdf`), bytes);
  const out = join(home, `${name}-out`);
  const started = performance.now();
  const args = ['documents', folder, '--out', out, '--json', '--agents', '6', '--latency', '100'];
  const env = { ANTHROPIC_API_KEY: '', FLEET_HOME: join(home, `${name}-fleet`) };
  const ran = await runProgram('bin/fleet.ts', args, env);
  const seconds = (performance.now() - started) / 1_000;
  expect(ran.stderr).not.toMatch(/^\s+at /m);
  const { documents, totals } = reportSchema.parse(JSON.parse(await readFile(join(out, 'report.json'), 'utf8')));
  expect(totals.unsettledUsd).toBe(0);
  const [bad, good] = [true, false].map((isBad) =>
    documents.filter(({ file }) => file.startsWith('bad ') === isBad).toSorted((a, b) => a.file.localeCompare(b.file)),
  );
  return { seconds, bad: bad ?? [], good: good ?? [] };
}

it('six good PDFs beside hostile ones are done once, at their usual price', async () => {
  const home = await mkdtemp(join(tmpdir(), 'fleet-attacked-'));
  try {
    const alone = await run(home, 'alone', new Map());
    const beside = await run(home, 'beside', attacks());
    const called = ({ good }: typeof alone) =>
      good.map(({ file, status, modelCalls }) => ({ file, status, modelCalls }));
    process.stdout.write(`alone ${alone.seconds.toFixed(0)} s, beside ${beside.seconds.toFixed(0)} s\n`);
    expect(called(alone).map(({ status }) => status)).toEqual(Array.from({ length: GOOD }, () => 'succeeded'));
    expect(called(beside)).toEqual(called(alone));
    // The first to call writes the prompt cache, at 1.25 times the price of its tokens, and any of them may be the first.
    beside.good.forEach(({ usd }, index) => expect(usd).toBeLessThanOrEqual(1.26 * (alone.good[index]?.usd ?? 0)));
    expect(beside.bad).toHaveLength(attacks().size);
    for (const row of beside.bad) {
      expect(row).toMatchObject({ status: 'failed', reason: expect.stringMatching(/\w+ \w+/) });
      // Nothing was paid for it.
      expect(row).toMatchObject({ usd: 0, modelCalls: 0 });
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
