import type { Reporter, TestModule } from 'vitest/node';
import { writeReport, type FileReport } from './report.ts';

/**
 * Ends the run with `N passed, N failed` alone on the last line, for a machine to read, and keeps a report of how long
 * each file and test took. A file that does not load, or a block whose set-up fails, counts as one failure: its tests
 * never ran, and silence would pass for success.
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
    const projects = new Set(modules.map(({ project }) => project.name));
    writeReport([...projects].sort().join('+'), { passed, failed, files: modules.map(fileReport) });
    // Printed at exit, after the closing lines of every other reporter.
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}

function fileReport(module: TestModule): FileReport {
  const { collectDuration, setupDuration, duration } = module.diagnostic();
  const tests = [...module.children.allTests()].map((test) => ({
    name: test.fullName,
    ms: Math.round(test.diagnostic()?.duration ?? 0),
  }));
  return { file: module.relativeModuleId, ms: Math.round(collectDuration + setupDuration + duration), tests };
}
