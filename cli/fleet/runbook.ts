import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './paths.ts';

/**
 * The section of the runbook that an alarm names, such as `docs/runbook.md#queue-age`, as text; undefined when this
 * checkout does not have it.
 */
export function runbookSection(reference: string): string | undefined {
  const [file = '', anchor = ''] = reference.split('#');
  if (file !== 'docs/runbook.md' || anchor === '') return undefined;
  const sections = readFileSync(join(PROJECT, file), 'utf8').split(/^(?=## )/m);
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
