import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const PROGRAM = join(import.meta.dirname, '../../samples/generate.ts');
const work = mkdtempSync(join(tmpdir(), 'samples-'));
const folder = join(work, 'contracts');

afterAll(() => rmSync(work, { recursive: true }));

function generate(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
}

test('writes the documents, and their truth next to the folder', () => {
  const truth = join(work, 'truth.json');
  const { status, stdout } = generate(folder, '--count', '8', '--broken', '2', '--seed', '4', '--truth', truth);
  expect(status).toBe(0);
  expect(stdout).toContain('8 documents');
  const { documents, seed } = JSON.parse(readFileSync(truth, 'utf8')) as {
    documents: { file: string }[];
    seed: number;
  };
  expect(seed).toBe(4);
  expect(readdirSync(folder).sort()).toEqual(documents.map(({ file }) => file).sort());
});

test.each([
  { args: [], says: 'folder' },
  { args: [folder, '--count', 'many'], says: 'whole number' },
  { args: [folder, '--count', '2', '--broken', '3'], says: '--broken 3 is more than --count 2' },
  { args: [folder, '--truth', join(folder, 'truth.json')], says: 'Choose a path outside' },
])('wrong usage exits with 2 and says what to do: $says', ({ args, says }) => {
  const { status, stderr } = generate(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(says);
});

test('--help shows examples', () => {
  const { status, stdout } = generate('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('Examples:');
});
