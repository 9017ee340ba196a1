import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportSchema, type Report } from '../../report/schema.ts';
import { writeSamples } from '../../samples/samples.ts';
import { runFleet, type ProgramResult } from '#test/e2e/support/run-program.ts';

/**
 * The whole way on the real local cloud: the synthesized stack, booted by the command line, over a folder of contracts
 * of which some are broken.
 */
describe('fleet documents', () => {
  let home: string;
  let run: ProgramResult;
  let report: Report;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'fleet-e2e-'));
    const folder = join(home, 'contracts');
    await writeSamples(folder, { count: 18, broken: 6, seed: 7 });
    await mkdir(join(folder, 'sub folder'));
    const twin = await readFile(join(folder, (await firstPdf(folder)) ?? ''));
    await writeFile(join(folder, 'sub folder', 'ünïcode + twin #1.pdf'), twin);
    await writeFile(join(folder, '.hidden'), 'not a document');
    run = await runFleet([
      'documents',
      folder,
      '--out',
      join(home, 'out'),
      '--json',
      '--agents',
      '6',
      '--latency',
      '100',
    ]);
    report = reportSchema.parse(JSON.parse(await readFile(join(home, 'out', 'report.json'), 'utf8')));
  }, 180_000);

  afterAll(async () => {
    await rm(home, { recursive: true, force: true });
  });

  it('exits with 0, with one JSON object on stdout and no stack trace', () => {
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ documents: 19, succeeded: 13, failed: 6 });
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it('has a row for every document, with a reason for the broken ones', () => {
    expect(report.documents).toHaveLength(19);
    expect(new Set(report.documents.map(({ file }) => file)).size).toBe(19);
    const failed = report.documents.filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(6);
    for (const row of failed) expect(row.status === 'failed' && row.reason).toMatch(/\w+ \w+/);
  });

  it('reads the valid documents', () => {
    for (const row of report.documents) {
      if (row.status !== 'succeeded') continue;
      expect(row.title).not.toBe('');
      expect(row.parties?.length).toBeGreaterThan(0);
      expect(row.clauses?.length).toBeGreaterThan(0);
    }
  });

  it('has two rows and one task, paid once, for the same bytes with two names', () => {
    const twin = report.documents.find(({ file }) => file === 'sub folder/ünïcode + twin #1.pdf');
    const first = report.documents.filter(({ taskId }) => taskId === twin?.taskId);
    expect(first).toHaveLength(2);
    expect(first.filter(({ usd }) => (usd ?? 0) > 0)).toHaveLength(1);
  });
});

async function firstPdf(folder: string): Promise<string | undefined> {
  const { generateSamples } = await import('../../samples/samples.ts');
  for await (const sample of generateSamples({ count: 18, broken: 6, seed: 7 })) if (!sample.defect) return sample.file;
  throw new Error(`${folder} has no valid contract.`);
}
