import { defineConfig } from 'vitest/config';
import { SummaryReporter } from '#test/support/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'systems/*/test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    reporters: ['default', new SummaryReporter()],
    // Half of the tests wait for processes and timers: one file a processor, where the default leaves one processor out.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
