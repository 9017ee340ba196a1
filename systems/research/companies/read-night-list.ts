import type { ReadList } from '#core/runs/take-list.ts';
import { nightItemSchema, REAL_WEB } from '../night/item.ts';
import { readCompanies } from './read-companies.ts';

const NO_COMPANY =
  'The list has no companies. Use a CSV file whose first line has `name`, `ticker` or `website`; sector and cik help.';

/** The items of a night, of companies that a CSV file lists. Lines that name none are left out, and the notes say which. */
export function readNightList(text: string, night: string): ReadList {
  const { companies, duplicates, unreadable, badWebsites } = readCompanies(text, () => undefined);
  if (companies.length === 0) return { problem: NO_COMPANY };
  const items = companies.map((company) => nightItemSchema.parse({ ...company, night, space: REAL_WEB }));
  const notes = [
    ...(duplicates > 0 ? [`Lines that name a company again: ${duplicates}.`] : []),
    ...(unreadable.length > 0 ? [`Lines without a name, ticker or website: ${listed(unreadable)}.`] : []),
    ...badWebsites
      .slice(0, MAX_LISTED)
      .map(({ line, text: site }) => `Line ${line}: ${site} is not a web address, so its website counts as not known.`),
    ...(badWebsites.length > MAX_LISTED ? [`Other lines with such websites: ${badWebsites.length - MAX_LISTED}.`] : []),
  ];
  return { items, notes };
}

const MAX_LISTED = 20;

const listed = (lines: readonly number[]): string =>
  `${lines.slice(0, MAX_LISTED).join(', ')}${lines.length > MAX_LISTED ? ` and ${lines.length - MAX_LISTED} more` : ''}`;
