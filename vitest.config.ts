import { defineConfig } from 'vitest/config';
import { SlowestFirst } from '#test/support/slowest-first.ts';
import { SummaryReporter } from '#test/support/summary-reporter.ts';

const FOLDERS = '{test,systems/*/test,packages/*/test}/**';
/** Tests of minutes, run by `npm run test:long`: crashes, load, whole systems on the local cloud. */
const LONG = `${FOLDERS}/*.long.test.ts`;
/** Sweeps, and the slowest tests of faults and attacks, run by `npm run test:nightly`: all mutants, each system removed. */
const NIGHTLY = `${FOLDERS}/*.nightly.test.ts`;
/** For what may take minutes. */
const PATIENT = { testTimeout: 600_000, hookTimeout: 300_000 };

/**
 * Starting a child process copies the page tables of its parent. From a worker of 1.5 GB that took 172 ms with pages of
 * 4 kB, and takes 9 ms with huge ones, for which glibc has to ask. A test run took more time for that than for its tests.
 * https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
 */
process.env['GLIBC_TUNABLES'] ??= 'glibc.malloc.hugetlb=1';
/** The SDK of X-Ray follows every promise of its process. Simulations took more than twice as long beside it. */
process.env['POWERTOOLS_TRACE_ENABLED'] ??= 'false';

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
      {
        extends: true,
        test: { name: 'short', include: [`${FOLDERS}/*.test.ts`], exclude: [LONG, NIGHTLY], isolate: false },
      },
      { extends: true, test: { name: 'long', include: [LONG], ...PATIENT } },
      { extends: true, test: { name: 'nightly', include: [NIGHTLY], ...PATIENT } },
    ],
  },
});
