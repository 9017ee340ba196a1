import { shorten, startOf } from '#core/text/text.ts';
import type { Company } from './company.ts';
import { parseCsv, type CsvRow } from './parse-csv.ts';

/** A list of companies, and what became of its lines. */
export interface CompanyList {
  readonly companies: readonly Company[];
  /** Lines that name a company again. */
  readonly duplicates: number;
  /** Lines without a name, ticker or website, counted from 1 after the line of names. */
  readonly unreadable: readonly number[];
  /** Lines of companies whose website is no web address, and what stands there. It counts as not known. */
  readonly badWebsites: readonly { readonly line: number; readonly text: string }[];
}

/**
 * Reads a list of companies. It needs a column of names, tickers or websites; sectors and SEC numbers help.
 * @param find a company that is known by a name or ticker, for what the line does not say
 */
export function readCompanies(
  text: string,
  find: (row: Pick<Company, 'name' | 'ticker'>) => Company | undefined,
): CompanyList {
  const companies = new Map<string, Company>();
  const unreadable: number[] = [];
  const badWebsites: { line: number; text: string }[] = [];
  let duplicates = 0;
  for (const [at, row] of parseCsv(text).entries()) {
    const company = companyOf(row, find);
    const text = siteIn(row);
    if (text !== null && websiteOf(text) === null) badWebsites.push({ line: at + 1, text: shorten(text, 60) });
    if (company === null) unreadable.push(at + 1);
    else if (companies.has(company.id)) duplicates += 1;
    else companies.set(company.id, company);
  }
  return { companies: [...companies.values()], duplicates, unreadable, badWebsites };
}

const firstOf = (row: CsvRow, ...names: readonly string[]): string | null =>
  names.map((name) => row[name] ?? '').find((value) => value !== '') ?? null;

const siteIn = (row: CsvRow): string | null => firstOf(row, 'website', 'url', 'site', 'domain', 'homepage');

function companyOf(row: CsvRow, find: Parameters<typeof readCompanies>[1]): Company | null {
  const first = (...names: readonly string[]): string | null => firstOf(row, ...names);
  const name = first('name', 'company', 'companyname', 'security');
  const ticker = first('ticker', 'symbol');
  const website = websiteOf(siteIn(row));
  const label = name ?? ticker ?? (website === null ? null : new URL(website).hostname);
  if (label === null) return null;
  const known = find({ name: label, ticker });
  const sector = first('sector', 'gicssector', 'industry') ?? known?.sector ?? null;
  const company = {
    name: shorten(label, 200),
    ticker: ticker === null ? (known?.ticker ?? null) : shorten(ticker, 20),
    sector: sector === null ? null : shorten(sector, 100),
    website: website ?? known?.website ?? null,
    cik: cikOf(first('cik')) ?? known?.cik ?? null,
  };
  // With a website of its own it is not the known one, whatever its name.
  return { id: website === null ? (known?.id ?? idOf(company)) : idOf(company), ...company };
}

/** The same for every spelling of one company that a list can have. */
export function idOf({ name, website, cik }: Omit<Company, 'id'>): string {
  if (website !== null) return new URL(website).hostname.replace(/^www\./, '');
  if (cik !== null) return `cik:${cik}`;
  // Normalising may make a name many times as long.
  return startOf(`name:${name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ')}`, MAX_ID);
}

/** Of an item of a pipeline. */
const MAX_ID = 256;
/** The longest URL of a site, and the longest name of a host in the DNS (RFC 1035, 2.3.4). */
const MAX_WEBSITE = 500;
const MAX_HOST = 253;
/** A dot between two labels. */
const HOST = /[^.]\.[^.]/;

function websiteOf(text: string | null): string | null {
  if (text === null) return null;
  const url = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(url)) return null;
  const { hostname, href } = new URL(url);
  return HOST.test(hostname) && hostname.length <= MAX_HOST && href.length <= MAX_WEBSITE ? href : null;
}

/** SEC numbers have ten digits. */
const cikOf = (text: string | null): string | null =>
  text !== null && /^\d{1,10}$/.test(text) && Number(text) > 0 ? text.padStart(10, '0') : null;
