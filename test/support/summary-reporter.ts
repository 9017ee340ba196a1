import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the whole run with `N passed, N failed` alone on the last line, so that a machine can read the result.
 * A file that fails to load, or a block whose set-up fails, counts as one failure: their tests were never run, and
 * silence would pass for success.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) failed += 1;
      for (const suite of module.children.allSuites()) failed += suite.errors().length > 0 ? 1 : 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
      }
    }
    // Printed at exit, after every other reporter's closing words.
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}
