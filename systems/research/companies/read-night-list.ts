import type { z } from 'zod';
import type { ReadList } from '#core/runs/take-list.ts';
import { shorten } from '#core/text/text.ts';
import { isNowhere, nightItemSchema, REAL_WEB } from '../night/item.ts';
import { readCompanies } from './read-companies.ts';

const NO_COMPANY =
  'The list has no companies. Use a CSV file whose first line has `name`, `ticker` or `website`; sector and cik help.';

/** The items of a night, of companies that a CSV file lists. Lines that name none are left out, and the notes say which. */
export function readNightList(text: string, night: string): ReadList {
  const { companies, duplicates, unreadable, badWebsites } = readCompanies(text, () => undefined);
  if (companies.length === 0) return { problem: NO_COMPANY };
  const parsed = companies.map((company) => ({
    company,
    ...nightItemSchema.safeParse({ ...company, night, space: REAL_WEB }),
  }));
  const items = parsed.flatMap(({ data }) => data ?? []);
  const bad = parsed.flatMap(({ company, error }) =>
    error ? [`${shorten(company.name, 60)} (${problemOf(error)})`] : [],
  );
  if (items.length === 0) return { problem: `No company of the list can be used: ${listed(bad)}.` };
  const nowhere = items.filter((item) => isNowhere(item)).length;
  const notes = [
    ...(duplicates > 0 ? [`Lines that name a company again: ${duplicates}.`] : []),
    ...(unreadable.length > 0 ? [`Lines without a name, ticker or website: ${listed(unreadable)}.`] : []),
    ...(bad.length > 0 ? [`Companies that cannot be used, and are left out: ${listed(bad)}.`] : []),
    ...(nowhere > 0
      ? [`Companies without a website, SEC number or ticker: ${nowhere}. Without a web search nobody looks for them.`]
      : []),
    ...badWebsites
      .slice(0, MAX_LISTED)
      .map(({ line, text: site }) => `Line ${line}: ${site} is not a web address, so its website counts as not known.`),
    ...(badWebsites.length > MAX_LISTED ? [`Other lines with such websites: ${badWebsites.length - MAX_LISTED}.`] : []),
  ];
  return { items, notes };
}

const MAX_LISTED = 20;

/** The first field that an item may not have so. */
const problemOf = ({ issues: [issue] }: z.ZodError): string =>
  `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;

const listed = (lines: readonly (number | string)[]): string =>
  `${lines.slice(0, MAX_LISTED).join(', ')}${lines.length > MAX_LISTED ? ` and ${lines.length - MAX_LISTED} more` : ''}`;
