import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '#cli/fleet/paths.ts';

/** The heading above the table of known differences in a service's specification. */
const HEADING = '## Against MiniStack';

/** Reads the known differences from a service's SPECIFICATION.md: the reason by test name. */
export function explainedIn(service: string): ReadonlyMap<string, string> {
  const file = join(PROJECT, 'packages/local-cloud/src/services', service, 'SPECIFICATION.md');
  return readExplained(readFileSync(file, 'utf8'));
}

/** Returns the rows of the table below the heading: `| test | why |`. */
export function readExplained(specification: string): ReadonlyMap<string, string> {
  const [, section = ''] = specification.split(`\n${HEADING}\n`);
  const own = section.split('\n## ')[0] ?? '';
  const rows = own.split('\n').flatMap((line) => {
    const [, test, why] = /^\|\s*(.+?)\s*\|\s*(.+?)\s*\|$/.exec(line) ?? [];
    return test === undefined || why === undefined || test === 'test' || /^-+$/.test(test)
      ? []
      : [[test, why] as const];
  });
  return new Map(rows);
}
