import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { buildModule, bundle, requireExport } from '#lib/bundle.ts';
import { removeFolder, temporaryFolder } from './synthesize.ts';

test('a function is one CommonJS module that includes the SDK and its CommonJS packages', async () => {
  const outdir = temporaryFolder();
  onTestFinished(() => removeFolder(outdir));
  const stack = new Stack(new App({ outdir }), 'Stack');
  const made = new LambdaFunction(stack, 'Sweep', {
    code: bundle('functions/sweep/handler.ts'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });
  expect(made.node.id).toBe('Sweep');
  expect(() => requireExport('functions/sweep/handler.ts', 'handler')).not.toThrow();
  expect(() => requireExport('functions/sweep/handler.ts', 'collect')).toThrow('does not export `collect`');
  const asset = readdirSync(outdir).find((name) => name.startsWith('asset.')) ?? '';
  expect(readdirSync(join(outdir, asset))).toEqual(['index.cjs', 'index.mjs']);
  // For runtimes that do not look for the first: one line.
  expect(readFileSync(join(outdir, asset, 'index.mjs'), 'utf8')).toBe("export { handler } from './index.cjs';\n");
  const file = join(outdir, asset, 'index.cjs');
  expect(statSync(file).size).toBeLessThan(3 * 1024 * 1024);
  Object.assign(process.env, {
    STATE_TABLE: 'table',
    HIGH_QUEUE_URL: 'https://sqs/high',
    QUEUE_PREFIX: 'fleet',
    DEFAULT_QUEUE_URL: 'https://sqs/default',
    AGENT: 'agent',
    AWS_REGION: 'us-east-1',
  });
  const module: unknown = await import(pathToFileURL(file).href);
  expect(module).toMatchObject({ handler: expect.any(Function) });
});

test('a line of a bundle is short enough to read at the place that a stack trace names', () => {
  const folder = temporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const file = join(folder, 'index.cjs');
  buildModule('functions/sweep/handler.ts', file);
  const lines = readFileSync(file, 'utf8').split('\n');
  // A literal is never broken.
  const long = lines.filter((line) => line.length > 1_000);
  expect(long.length).toBeLessThan(lines.length / 100);
  expect(lines.length).toBeGreaterThan(1_000);
});
