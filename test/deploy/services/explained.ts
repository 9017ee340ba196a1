import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '#cli/fleet/paths.ts';

/** Reads the known differences to a judge from a service's SPECIFICATION.md: the reason by test name. */
export function explainedIn(service: string, judge = 'MiniStack'): ReadonlyMap<string, string> {
  const file = join(PROJECT, 'packages/local-cloud/src/services', service, 'SPECIFICATION.md');
  return readExplained(readFileSync(file, 'utf8'), judge);
}

/** Returns the rows of the table below the heading `Against <judge>`: `| test | why |`. */
export function readExplained(specification: string, judge = 'MiniStack'): ReadonlyMap<string, string> {
  const [, section = ''] = specification.split(`\n## Against ${judge}\n`);
  const own = section.split('\n## ')[0] ?? '';
  const rows = own.split('\n').flatMap((line) => {
    const [, test, why] = /^\|\s*(.+?)\s*\|\s*(.+?)\s*\|$/.exec(line) ?? [];
    return test === undefined || why === undefined || test === 'test' || /^-+$/.test(test)
      ? []
      : [[test, why] as const];
  });
  return new Map(rows);
}
