import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file per project of the last run: `short.json`, `long.json`. `.ci/run` empties it first. */
const FOLDER = join(import.meta.dirname, '../../.test-report');

export interface FileReport {
  readonly file: string;
  /** Imports, hooks and tests. */
  readonly ms: number;
  readonly tests: readonly { readonly name: string; readonly ms: number }[];
}

export interface Report {
  readonly passed: number;
  /** Of each failure its place and the first line of its error. */
  readonly failures: readonly string[];
  readonly files: readonly FileReport[];
}

export function writeReport(name: string, report: Report): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), JSON.stringify(report));
}

/** The reports that are there, by name. */
export function readReports(): ReadonlyMap<string, Report> {
  const names = readdirSync(mkdirSync(FOLDER, { recursive: true }) ?? FOLDER).filter((name) => name.endsWith('.json'));
  return new Map(
    names.map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Report]),
  );
}
