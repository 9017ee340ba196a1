import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './paths.ts';

const RUNBOOK = 'docs/runbook.md';

/**
 * The section of the runbook that an alarm names, such as `docs/runbook.md#queue-age`, as text; undefined when this
 * checkout does not have it. A URL, from `runbookUrl` of the configuration, names the same section of the same document.
 */
export function runbookSection(reference: string): string | undefined {
  const [place = '', anchor = ''] = reference.split('#');
  if ((place !== RUNBOOK && !/^https?:\/\//.test(place)) || anchor === '') return undefined;
  const sections = readFileSync(join(PROJECT, RUNBOOK), 'utf8').split(/^(?=## )/m);
  return sections.find((section) => anchorOf(section) === anchor)?.trimEnd();
}

/** As GitHub makes it from a heading. */
function anchorOf(section: string): string {
  const heading = /^## (.*)$/m.exec(section)?.[1] ?? '';
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .replaceAll(/\s+/g, '-');
}
