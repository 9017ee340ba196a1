import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Measured seconds of the slow files, written by `npm run test:slowest -- --write`. */
export const SECONDS_FILE = join(import.meta.dirname, 'seconds.json');
const ROOT = resolve(import.meta.dirname, '../..');

/** Runs the slowest files first, so that all processors end at about the same time. A file not measured is quick. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const measured = existsSync(SECONDS_FILE)
      ? (JSON.parse(readFileSync(SECONDS_FILE, 'utf8')) as Readonly<Record<string, number>>)
      : {};
    const secondsOf = ({ moduleId }: TestSpecification): number => measured[relative(ROOT, moduleId)] ?? 0;
    return files.toSorted((a, b) => secondsOf(b) - secondsOf(a));
  }
}
