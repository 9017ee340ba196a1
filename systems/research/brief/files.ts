import { fileName } from './file-name.ts';
import { mailHtml } from './html/mail.ts';
import { appendixPage, companiesPage, companyPage } from './html/pages.ts';
import type { Brief } from './schema.ts';
import { mailText } from './text.ts';
import { axisOf } from './trend.ts';

/** The files of a brief, by name. The page for executives and its text are what is mailed. */
export function* briefFiles(brief: Brief): Generator<readonly [name: string, content: string]> {
  yield ['brief.html', mailHtml(brief, { linked: true })];
  yield ['brief.txt', mailText(brief)];
  yield ['brief.json', `${JSON.stringify(brief, null, 2)}\n`];
  yield ['companies.html', companiesPage(brief)];
  yield ['appendix.html', appendixPage(brief)];
  const axis = axisOf(brief);
  for (const row of brief.companies) yield [`companies/${fileName(row.id)}.html`, companyPage(row, brief, axis)];
}
