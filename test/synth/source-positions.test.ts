import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { quietStack } from '#core/failures/quiet-stack.ts';
import { buildModule } from '#lib/bundle.ts';
import { positionsInSources } from '#runtime/observability/source-positions.ts';
import { removeFolder, temporaryFolder } from './synthesize.ts';

/** A module whose function throws, and where. */
const ENTRY = 'runtime/parse/env.ts';
const PROJECT = join(import.meta.dirname, '../..');
const source = readFileSync(join(PROJECT, ENTRY), 'utf8').split('\n');
const throws = source.findIndex((line) => line.includes('throw new Error(')) + 1;

async function thrownBy(file: string): Promise<string> {
  const { parseEnv } = (await import(pathToFileURL(file).href)) as { parseEnv: (schema: z.ZodType) => unknown };
  try {
    parseEnv(z.object({ SURELY_NOT_SET: z.string() }));
  } catch (error) {
    return quietStack(error);
  }
  throw new Error('Nothing was thrown.');
}

test('a frame of a bundle names its place in the source, and other frames stay', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const file = join(folder, 'index.cjs');
  buildModule(ENTRY, file, true);
  const stack = await thrownBy(file);
  expect(stack).toContain('index.cjs:');
  const placed = positionsInSources(pathToFileURL(file).href)(stack);
  expect(placed).toMatch(new RegExp(`at .*parseEnv.*\\b${ENTRY}:${throws}:\\d+`));
  expect(placed).not.toContain('index.cjs');
  expect(placed).toMatch(/source-positions\.test\.ts:\d+:\d+/);
});

test('without a source map, or with a damaged one, the stack stays as it is', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const file = join(folder, 'index.cjs');
  buildModule(ENTRY, file, true);
  const stack = await thrownBy(file);
  writeFileSync(`${file}.map`, 'not a map');
  expect(positionsInSources(pathToFileURL(file).href)(stack)).toBe(stack);
  rmSync(`${file}.map`);
  expect(positionsInSources(pathToFileURL(file).href)(stack)).toBe(stack);
});

test('a source map names paths below the project, the same wherever the bundle is written', () => {
  const folder = temporaryFolder();
  onTestFinished(() => removeFolder(folder));
  buildModule(ENTRY, join(folder, 'index.cjs'), true);
  const text = readFileSync(join(folder, 'index.cjs.map'), 'utf8');
  const { sources } = z.object({ sources: z.array(z.string()) }).parse(JSON.parse(text));
  expect(sources).toContain(ENTRY);
  expect(sources.filter((path) => path.startsWith('.') || !existsSync(join(PROJECT, path)))).toEqual([]);
  expect(text).not.toContain('sourcesContent":["');
});
