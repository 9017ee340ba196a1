import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** The lines that the rule reports in a file. */
function reported(lines: readonly string[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'cut.ts');
  writeFileSync(file, lines.map((line) => `console.log(${line});\n`).join(''));
  const run = (): string => {
    try {
      return execFileSync(
        join(ROOT, 'node_modules/.bin/oxlint'),
        ['--format=unix', '--config', join(ROOT, '.oxlintrc.json'), file],
        { cwd: folder, encoding: 'utf8' },
      );
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };
  return [...run().matchAll(/cut\.ts:(\d+):\d+:.*half/g)].map(([, line]) => Number(line));
}

it('finds text that is cut by its length in characters', () => {
  expect(
    reported([
      'text.slice(0, 200)',
      'text.slice(0, MAX_LENGTH)',
      'text.slice(0, MAX_LENGTH - 1)',
      'text.trim().slice(0, 1_000)',
      'text.substring(0, 3)',
      'text.substr(2)',
      'text?.slice(0, PROBLEM_CHARS)',
    ]),
  ).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it('lets lists, positions, dates and ids be', () => {
  expect(
    reported([
      'list.slice(0, MAX_AT_ONCE)',
      'text.slice(0, text.indexOf(","))',
      'text.slice(7)',
      'new Date().toISOString().slice(0, 10)',
      'ids.digest(text).slice(0, 64)',
      'encodeURIComponent(tenant).slice(0, 128)',
      'names.slice(0, 6)',
    ]),
  ).toEqual([]);
});
