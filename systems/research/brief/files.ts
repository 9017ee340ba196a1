import { startOf } from '#core/text/text.ts';
import { appendixPage, companyPage } from './html/pages.ts';
import { mailHtml } from './html/mail.ts';
import type { Brief } from './schema.ts';
import { mailText } from './text.ts';

/** The files of a brief, by name. The page for executives and its text are what is mailed. */
export function* briefFiles(brief: Brief): Generator<readonly [name: string, content: string]> {
  yield ['brief.html', mailHtml(brief)];
  yield ['brief.txt', mailText(brief)];
  yield ['brief.json', `${JSON.stringify(brief, null, 2)}\n`];
  yield ['appendix.html', appendixPage(brief)];
  for (const row of brief.companies) yield [`companies/${fileName(row.id)}.html`, companyPage(row)];
}

/** An id as a file's name, on every system. Ids differ in letters and digits. */
export const fileName = (id: string): string => startOf(id.replaceAll(/[^\p{L}\p{N}-]+/gu, '-'), 80) || 'company';
