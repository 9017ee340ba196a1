import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Imports a module in a process of its own, and prints how many files of the CDK that loads. */
const PROGRAM = `
await import(process.argv[1]);
const { createRequire } = await import('node:module');
const loaded = Object.keys(createRequire(process.argv[1]).cache).filter((file) => file.includes('/aws-cdk-lib/'));
process.stdout.write(String(loaded.length));
process.exit();`;

/** The CDK takes 20 MB and a fifth of a second of each command, and wraps the file system's functions to time them. */
test.each(['bin/systems.ts', 'cli/program.ts', 'bench/calls/calls.ts'])('%s loads nothing of the CDK', (file) => {
  const program = ['--input-type=module', '-e', PROGRAM, new URL(`../../${file}`, import.meta.url).pathname];
  expect(execFileSync(process.execPath, program, { encoding: 'utf8' })).toBe('0');
});
