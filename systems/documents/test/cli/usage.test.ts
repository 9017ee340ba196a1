import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDocuments } from '../../cli/find-documents.ts';
import { parseDocumentsOptions } from '../../cli/options.ts';

describe('finding documents', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleet-find-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('takes every regular, non-hidden file below the folder and each link to one, by its relative path', async () => {
    await mkdir(join(folder, 'b', 'deep'), { recursive: true });
    await mkdir(join(folder, '.git'));
    for (const file of ['z.pdf', 'b/deep/a b.txt', '.hidden.pdf', '.git/config', 'empty.pdf'])
      await writeFile(join(folder, file), file === 'empty.pdf' ? '' : 'x');
    await symlink(join(folder, 'z.pdf'), join(folder, 'link.pdf'));
    const found = await findDocuments(folder);
    expect(found.map(({ file, size }) => [file, size])).toEqual([
      ['b/deep/a b.txt', 1],
      ['empty.pdf', 0],
      ['link.pdf', 1],
      ['z.pdf', 1],
    ]);
  });

  it.each([
    ['an empty folder', '', 'has no documents'],
    ['a folder that does not exist', 'missing', 'does not exist'],
  ])('rejects %s as wrong usage', async (_, below, message) => {
    await expect(findDocuments(join(folder, below))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses a file, and the name that closes an upload', async () => {
    await writeFile(join(folder, '_manifest.json'), '{}');
    await expect(findDocuments(folder)).rejects.toMatchObject({ exitCode: 2, remedy: 'Rename that file.' });
    await expect(findDocuments(join(folder, '_manifest.json'))).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('the options of fleet documents', () => {
  it('turns texts into numbers', () => {
    expect(parseDocumentsOptions({ agents: '20', latency: '0', maxUsd: '1.5' }, 'folder')).toMatchObject({
      agents: 20,
      latency: 0,
      maxUsd: 1.5,
      json: false,
    });
  });

  it.each([
    [{ agents: '1' }, 'folder', '--agents must be at least 2'],
    [{ agents: 'many' }, 'folder', '--agents must be a number'],
    [{ latency: '-1' }, 'folder', '--latency must be at least 0'],
    [{ maxUsd: '0' }, 'folder', '--max-usd must be more than 0'],
    [{}, undefined, 'The folder is missing'],
    [{ run: 'a' }, 'folder', 'cannot be combined'],
    [{ run: 'a', retryFailed: 'b' }, undefined, 'cannot be combined'],
  ])('refuses %j with %s', (raw, folder, message) => {
    expect(() => parseDocumentsOptions(raw, folder)).toThrow(message);
  });
});
