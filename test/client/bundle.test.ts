import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const CLIENT = join(import.meta.dirname, '../../client');
const readme = readFileSync(join(CLIENT, 'README.md'), 'utf8');

it('the client bundles into one module of a few kilobytes without imports', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(CLIENT, 'index.ts')],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
    metafile: true,
    // Comments may mention imports.
    minifyWhitespace: true,
  });
  expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith('client/'))).toEqual([]);
  const [file] = outputFiles;
  expect(file?.text).not.toMatch(/\bimport\b|\brequire\(|\bprocess\b|\bBuffer\b/);
  expect(file?.contents.length).toBeLessThan(18_000);
});

it('the README contains the example unchanged', () => {
  const example = readFileSync(join(CLIENT, 'examples/five-tasks.ts'), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});

it('the README’s command builds a file that any project can import', async () => {
  const [command = ''] = /^npx esbuild .*$/m.exec(readme) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'fleet-client-'));
  try {
    const file = join(folder, 'fleet-client.mjs');
    execFileSync('bash', ['-c', command.replace('fleet-client.mjs', file)], { stdio: 'pipe' });
    expect(await import(file)).toHaveProperty('FleetClient');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
