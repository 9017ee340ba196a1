import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { summary } from './summary.ts';

const corpus = (...args: string[]) => {
  const program = join(import.meta.dirname, 'check-corpus.ts');
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
};
const CASES = join(import.meta.dirname, '../pdf/cases');

it('says of each file whether it is accepted, or why not', () => {
  const { status, stdout } = corpus(CASES, '--json');
  expect(status).toBe(0);
  const { files } = JSON.parse(stdout) as { files: Record<string, unknown>[] };
  expect(files).toContainEqual({ file: 'portfolio.pdf', status: 'rejected', reason: 'portfolio', coverage: null });
  expect(files).toContainEqual({ file: 'cjk-mixed.pdf', status: 'accepted', coverage: expect.toSatisfy(isCoverage) });
});

/** Null where pdftotext is not installed, which the check says. */
const isCoverage = (coverage: unknown): boolean =>
  coverage === null || (Number(coverage) > 0.95 && Number(coverage) < 1.3);

it('asks for a folder, and names one that does not exist', () => {
  expect(corpus()).toMatchObject({ status: 1, stderr: expect.stringContaining('npm run check:corpus -- FOLDER') });
  expect(corpus('/no/such/folder')).toMatchObject({ status: 1, stderr: 'There is no folder /no/such/folder.\n' });
});

it('names the files that crash the reader or lose half their text', () => {
  const table = summary(
    [
      { file: 'a.pdf', status: 'accepted', coverage: 1 },
      { file: 'b.pdf', status: 'incomplete', coverage: 0.4 },
      { file: 'c.pdf', status: 'crashed', reason: 'RangeError', coverage: null },
      { file: 'd.pdf', status: 'rejected', reason: 'no-text', coverage: null },
    ],
    2,
  );
  expect(table).toContain('incomplete: b.pdf 0.4\ncrashed: c.pdf RangeError');
  expect(table).toContain('     1  rejected: no-text');
});
