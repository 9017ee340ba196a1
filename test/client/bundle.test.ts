import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const CLIENT = join(import.meta.dirname, '../../client');

it('the client is one module of a few kilobytes that imports nothing', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(CLIENT, 'index.ts')],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
    metafile: true,
    // Comments may say what they like.
    minifyWhitespace: true,
  });
  expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith('client/'))).toEqual([]);
  const [file] = outputFiles;
  expect(file?.text).not.toMatch(/\bimport\b|\brequire\(|\bprocess\b|\bBuffer\b/);
  expect(file?.contents.length).toBeLessThan(12_000);
});

it('the README shows the example as it is', () => {
  const example = readFileSync(join(CLIENT, 'examples/five-tasks.ts'), 'utf8');
  expect(readFileSync(join(CLIENT, 'README.md'), 'utf8')).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});
