import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shippedMutants } from './program/mutants.ts';

const run = promisify(execFile);
const PROGRAM = new URL('./simulate.ts', import.meta.url).pathname;
const patches = await shippedMutants();

const caught = z.object({ seed: z.number(), check: z.string(), what: z.string() });
const resultsSchema = z.object({
  mutants: z.array(z.object({ name: z.string(), breaks: z.string(), seeds: z.number(), caught: caught.nullable() })),
  survivors: z.array(z.string()),
});

/** Runs `npm run simulate -- --mutants --json`. Its exit code is 1 if a mutant survives. */
async function tryAll(): Promise<z.infer<typeof resultsSchema>> {
  const ended = await run(process.execPath, [PROGRAM, '--mutants', '--json']).catch((error: unknown) => error);
  const { stdout, stderr } = z.object({ stdout: z.string(), stderr: z.string() }).parse(ended);
  // Without results, stderr has the reason, such as a patch that no longer applies.
  if (stdout === '') throw new Error(stderr);
  return resultsSchema.parse(JSON.parse(stdout));
}

describe('planted bugs', () => {
  let results: z.infer<typeof resultsSchema> = { mutants: [], survivors: [] };
  beforeAll(async () => {
    results = await tryAll();
  }, 900_000);

  it.each(patches.map((patch) => basename(patch, '.patch')))('%s is caught', (name) => {
    const result = results.mutants.find((candidate) => candidate.name === name);
    expect(result?.caught, `${result?.breaks} It survived ${result?.seeds} seeds.`).toBeTruthy();
    expect(results.survivors).not.toContain(name);
  });
});
