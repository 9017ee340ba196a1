import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, type PathLike } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { terminalOutput } from '#cli/terminal/output.ts';
import { estimateCost } from '../../cli/estimate.ts';
import { contractAnalyst } from '../../agents/contract-analyst.ts';
import { findDocuments, type SkippedFile } from '../../cli/find-documents.ts';
import { sayOfIrregular } from '../../cli/run-documents.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-names-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (...name: (string | Buffer)[]): PathLike =>
  Buffer.concat([Buffer.from(`${folder}/`), ...name.map((part) => Buffer.from(part))]);

async function find() {
  const skipped: SkippedFile[] = [];
  const irregular: SkippedFile[] = [];
  const found = await findDocuments(folder, {
    onSkipped: (file) => void skipped.push(file),
    onIrregular: (files) => void irregular.push(...files),
  });
  const contents = await Promise.all(found.map(({ path }) => readFile(path, 'utf8')));
  return { files: found.map(({ file }, index) => [file, contents[index]]), skipped, irregular, found };
}

test('a name that is not UTF-8 is read as Windows-1252, in folders too, and stops nothing', async () => {
  writeFileSync(inFolder('a.pdf'), 'a');
  writeFileSync(inFolder('vertr', Buffer.from([0xe4]), 'ge.pdf'), 'latin');
  mkdirSync(inFolder(Buffer.from([0xfc])));
  writeFileSync(inFolder(Buffer.from([0xfc]), '/b.pdf'), 'deep');
  const { files, skipped } = await find();
  expect(files).toEqual([
    ['a.pdf', 'a'],
    ['verträge.pdf', 'latin'],
    ['ü/b.pdf', 'deep'],
  ]);
  expect(skipped).toEqual([]);
});

test('two names that become the same are two documents', async () => {
  writeFileSync(inFolder('vertr', Buffer.from([0xe4]), 'ge.pdf'), 'latin');
  writeFileSync(inFolder('verträge.pdf'), 'utf-8');
  const { files } = await find();
  expect(new Set(files.map(([file]) => file))).toEqual(new Set(['verträge.pdf', 'verträge (2).pdf']));
  expect(new Set(files.map(([, content]) => content))).toEqual(new Set(['latin', 'utf-8']));
});

test('names that differ only in Unicode normalization are two documents', async () => {
  writeFileSync(inFolder('é.pdf'.normalize('NFC')), 'composed');
  writeFileSync(inFolder('é.pdf'.normalize('NFD')), 'decomposed');
  expect((await find()).files).toHaveLength(2);
});

test('control characters, which XML cannot carry, become underscores', async () => {
  writeFileSync(inFolder('a\nb.pdf'), 'newline');
  writeFileSync(inFolder('a\u0001b.pdf'), 'control');
  writeFileSync(inFolder('a..b.pdf'), 'dots');
  const { files } = await find();
  expect(new Set(files.map(([file]) => file))).toEqual(new Set(['a_b.pdf', 'a_b (2).pdf', 'a..b.pdf']));
});

test('a path that is too long for S3 is named with the remedy, and the others are found', async () => {
  const deep = ['x', 'y', 'z', 'w', 'v'].map((letter) => letter.repeat(200)).join('/');
  mkdirSync(join(folder, deep), { recursive: true });
  writeFileSync(join(folder, deep, 'long.pdf'), 'long');
  writeFileSync(join(folder, 'a.pdf'), 'a');
  const { files, skipped } = await find();
  expect(files).toEqual([['a.pdf', 'a']]);
  expect(skipped).toMatchObject([{ reason: expect.stringContaining('Shorten it') as string }]);
});

test('pipes, links to them and links to folders are named in one line, broken links with the remedy', async () => {
  writeFileSync(join(folder, 'a.pdf'), 'a');
  execFileSync('mkfifo', [join(folder, 'pipe.pdf')]);
  symlinkSync(join(folder, 'pipe.pdf'), join(folder, 'to-pipe.pdf'));
  symlinkSync(folder, join(folder, 'loop'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.pdf'));
  symlinkSync('self.pdf', join(folder, 'self.pdf'));
  const { files, skipped, irregular } = await find();
  expect(files).toEqual([['a.pdf', 'a']]);
  expect(skipped).toMatchObject([
    { file: 'broken.pdf', reason: expect.stringContaining('a file that does not exist') as string },
    { file: 'self.pdf', reason: expect.stringContaining('form a loop') as string },
  ]);
  expect(irregular).toMatchObject([
    { file: 'loop', reason: expect.stringContaining('a link to a folder') as string },
    { file: 'pipe.pdf', reason: 'It is a pipe, a socket or a device.' },
    { file: 'to-pipe.pdf', reason: 'It is a pipe, a socket or a device.' },
  ]);
  expect(lineOf(irregular)).toEqual(['! 3 skipped: not regular files: loop, pipe.pdf, to-pipe.pdf']);
});

test('a link to a file is a document, also in a subfolder and to a file elsewhere', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'fleet-linked-'));
  onTestFinished(() => rmSync(elsewhere, { recursive: true }));
  writeFileSync(join(elsewhere, 'lease.pdf'), 'lease');
  mkdirSync(join(folder, 'below'));
  symlinkSync(join(elsewhere, 'lease.pdf'), join(folder, 'below', 'linked.pdf'));
  const { files, skipped, irregular } = await find();
  expect(files).toEqual([['below/linked.pdf', 'lease']]);
  expect([...skipped, ...irregular]).toEqual([]);
});

test('of many files that are not regular ten are named', () => {
  const files = Array.from({ length: 12 }, (_, at) => ({ file: `${at}\n.pdf`, reason: '' }));
  expect(lineOf(files)).toEqual([expect.stringMatching(/^! 12 skipped: not regular files: 0[^\n]*\.pdf and 2 more$/)]);
});

function lineOf(files: readonly SkippedFile[]): readonly string[] {
  const said: string[] = [];
  sayOfIrregular(files, { ...terminalOutput(true), line: (text = '') => void said.push(text) });
  return said;
}

test('a file that vanishes after it was found costs nothing and stops no estimate', async () => {
  writeFileSync(join(folder, 'a.pdf'), '%PDF-1.7 /Type /Page ');
  writeFileSync(join(folder, 'b.pdf'), '%PDF-1.7 /Type /Page ');
  const { found } = await find();
  rmSync(join(folder, 'a.pdf'));
  const { pages, perDocument } = await estimateCost(contractAnalyst, found, null);
  expect(pages).toBe(1);
  expect(perDocument[0]).toBe(0);
});
