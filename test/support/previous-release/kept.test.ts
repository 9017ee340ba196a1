import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAssembly } from '@agent-fleet/local-cloud';
import { pack, unpack } from './archive.ts';
import { unpackPreviousRelease } from './kept.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fleet-kept-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the kept build of the release before', () => {
  it('is an assembly whose functions all have their code', () => {
    expect(unpackPreviousRelease(folder)).toMatch(/^\d+\.\d+\.\d+$/);
    const { stacks, assets } = readAssembly(folder);
    expect(stacks.map(({ name }) => name)).toEqual(expect.arrayContaining(['fleet-dev-platform', 'fleet-dev-api']));
    for (const path of assets.values()) expect(statSync(path)).toBeDefined();
  });

  it('comes out of its archive as it went in', () => {
    mkdirSync(join(folder, 'from', 'below'), { recursive: true });
    const files = { 'a.json': '{"a":1}\n', 'below/empty': '', 'below/ü.mjs': 'export {};\n'.repeat(1_000) };
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, 'from', path), text);
    unpack(
      pack(join(folder, 'from'), () => true),
      join(folder, 'to'),
    );
    for (const [path, text] of Object.entries(files)) {
      expect(readFileSync(join(folder, 'to', path), 'utf8')).toBe(text);
    }
  });
});
