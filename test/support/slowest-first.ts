import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Measured seconds of the slow files, written by `npm run test:slowest -- --write`. */
export const SECONDS_FILE = join(import.meta.dirname, 'seconds.json');
const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Starting a child process takes time with the memory of its parent: 7 ms from a small one, 170 ms from one of 1.5 GB. A
 * worker that runs all short tests grows to that, mostly by the CDK. So tests that start processes come first, and those
 * that synthesize last.
 */
const STARTS_PROCESSES = /^packages\/|\/(cli|e2e|git|bench|pdf)\//;
const SYNTHESIZES = /\/(synth|deploy|docs)\//;

/** Runs the slowest files first, so that all processors end at about the same time. A file not measured is quick. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const measured = existsSync(SECONDS_FILE)
      ? (JSON.parse(readFileSync(SECONDS_FILE, 'utf8')) as Readonly<Record<string, number>>)
      : {};
    const pathOf = ({ moduleId }: TestSpecification): string => relative(ROOT, moduleId);
    const secondsOf = (file: TestSpecification): number => measured[pathOf(file)] ?? 0;
    const isolated = ({ project }: TestSpecification): boolean => project.config.isolate;
    const turnOf = (file: TestSpecification): number => (isolated(file) ? 0 : turn(pathOf(file)));
    return files.toSorted((a, b) => turnOf(a) - turnOf(b) || secondsOf(b) - secondsOf(a));
  }
}

const turn = (path: string): number => (STARTS_PROCESSES.test(path) ? 0 : SYNTHESIZES.test(path) ? 2 : 1);
