import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shippedMutants } from './planted.ts';

const run = promisify(execFile);
const PROGRAM = new URL('./run.ts', import.meta.url).pathname;
const mutants = await shippedMutants();

const triedSchema = z.array(
  z.object({
    name: z.string(),
    passed: z.number(),
    failed: z.array(z.string()),
    broken: z.array(z.string()),
  }),
);

describe('bugs planted in the adapters', () => {
  let results: z.infer<typeof triedSchema> = [];
  beforeAll(async () => {
    const { stdout } = await run(process.execPath, [PROGRAM], { maxBuffer: 16 * 1024 * 1024 });
    results = triedSchema.parse(JSON.parse(stdout));
  });

  it.each(mutants.map(({ name, breaks, tests }) => [name, breaks, tests] as const))(
    '%s is caught: %s',
    (name, breaks, tests) => {
      const result = results.find((candidate) => candidate.name === name);
      // A source that does not load proves nothing.
      expect(result?.broken).toEqual([]);
      expect(result?.failed.length, `No test of ${tests} notices it: ${breaks}`).toBeGreaterThan(0);
      // The others still hold: it is one bug, and not a file that does nothing any more.
      expect(result?.passed).toBeGreaterThan(0);
    },
  );
});

it('one is tried by its name', async () => {
  const { stdout } = await run(process.execPath, [PROGRAM, 'due-now-not-overdue']);
  expect(triedSchema.parse(JSON.parse(stdout)).map(({ name }) => name)).toEqual(['due-now-not-overdue']);
});
