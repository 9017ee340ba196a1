import { defineConfig } from 'vitest/config';
import { SlowestFirst } from '#test/support/slowest-first.ts';
import { SummaryReporter } from '#test/support/summary-reporter.ts';

const FOLDERS = '{test,systems/*/test,packages/*/test}/**';
/** Tests of minutes, run by `npm run test:long`: crashes, load, all mutants, documented commands. */
const LONG = `${FOLDERS}/*.long.test.ts`;

export default defineConfig({
  test: {
    globalSetup: ['test/support/run-folder.ts'],
    reporters: ['default', new SummaryReporter()],
    sequence: { sequencer: SlowestFirst },
    // Half of the tests wait for processes and timers: one file a processor, where the default leaves one processor out.
    maxWorkers: '100%',
    // Only what hangs shall fail: the first test of a file that synthesizes took 30 seconds on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 90_000 } },
    projects: [
      // One process runs many files, so each module is loaded once and not once per file: half the processor time.
      { extends: true, test: { name: 'short', include: [`${FOLDERS}/*.test.ts`], exclude: [LONG], isolate: false } },
      {
        extends: true,
        test: { name: 'long', include: [LONG], testTimeout: 600_000, hookTimeout: 300_000 },
      },
    ],
  },
});
