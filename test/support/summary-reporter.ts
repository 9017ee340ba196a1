import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';
import { writeReport, type FileReport } from './report.ts';

/**
 * Ends the run with `N passed, N failed` alone on the last line, for a machine to read, and keeps a report of how long
 * each file and test took. A file that does not load, or a block whose set-up fails, counts as one failure: its tests
 * never ran, and silence would pass for success.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const failures = [
      ...unhandledErrors.map((error) => describe('outside of a test', error)),
      ...modules.flatMap(failuresOf),
    ];
    const projects = new Set(modules.map(({ project }) => project.name));
    writeReport([...projects].sort().join('+'), { passed, failures, files: modules.map(fileReport) });
    // Printed at exit, after the closing lines of every other reporter.
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failures.length} failed\n`));
  }
}

function failuresOf(module: TestModule): string[] {
  const place = module.relativeModuleId;
  const blocks = [module, ...module.children.allSuites()].filter((block) => block.errors().length > 0);
  const tests = [...module.children.allTests()].filter((test) => test.result().state === 'failed');
  return [
    ...blocks.map((block) =>
      describe(block.type === 'suite' ? `${place} > ${block.fullName}` : place, block.errors()[0]),
    ),
    ...tests.map((test) => describe(`${place} > ${test.fullName}`, test.result().errors?.[0])),
  ];
}

const MAX_WORDS = 300;

/** In one line, without the colours of a terminal. */
function describe(place: string, error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  const words = stripVTControlCharacters(String(message ?? error)).split('\n', 1)[0] ?? '';
  return `${place}: ${words.slice(0, MAX_WORDS)}`;
}

function fileReport(module: TestModule): FileReport {
  const { collectDuration, setupDuration, duration } = module.diagnostic();
  const tests = [...module.children.allTests()].map((test) => ({
    name: test.fullName,
    ms: Math.round(test.diagnostic()?.duration ?? 0),
  }));
  return { file: module.relativeModuleId, ms: Math.round(collectDuration + setupDuration + duration), tests };
}
