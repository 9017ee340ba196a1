import { shorten, startOf } from '#core/text/text.ts';
import { bareName } from '../strategy/names.ts';
import type { Company } from './company.ts';
import { parseCsv, type CsvRow } from './parse-csv.ts';

/** A company that is known by a name or ticker. */
type Find = (row: Pick<Company, 'name' | 'ticker'>) => Company | undefined;

/** A list of companies, and what became of its lines. Lines are those of the file, from 1. */
export interface CompanyList {
  /** The names of its columns, in lower case without spaces. */
  readonly columns: readonly string[];
  readonly companies: readonly Company[];
  /** Lines that name a company again. */
  readonly duplicates: number;
  /** Lines without a name, ticker or website. */
  readonly unreadable: readonly number[];
  /** Lines of companies whose website is no web address, and what stands there. It counts as not known. */
  readonly badWebsites: readonly { readonly line: number; readonly text: string }[];
}

/**
 * Reads a list of companies. It needs a column of names, tickers or websites; sectors and SEC numbers help.
 * @param find a company that is known by a name or ticker, for what the line does not say
 */
export function readCompanies(text: string, find: Find): CompanyList {
  const { columns, records } = parseCsv(text);
  const rows = records.map(({ line, fields }) => ({ line, site: siteIn(fields), company: companyOf(fields, find) }));
  const shared = sharedHosts(rows.flatMap(({ company }) => company ?? []));
  const companies = new Map<string, Company>();
  const unreadable: number[] = [];
  let duplicates = 0;
  for (const { line, company } of rows) {
    if (company === null) {
      unreadable.push(line);
      continue;
    }
    const id = company.id ?? idOf(company, shared);
    if (companies.has(id)) duplicates += 1;
    else companies.set(id, { ...company, id });
  }
  const badWebsites = rows.flatMap(({ line, site }) =>
    site !== null && websiteOf(site) === null ? [{ line, text: shorten(site, 60) }] : [],
  );
  return { columns, companies: [...companies.values()], duplicates, unreadable, badWebsites };
}

const firstOf = (row: CsvRow, ...names: readonly string[]): string | null =>
  names.map((name) => row[name] ?? '').find((value) => value !== '') ?? null;

const siteIn = (row: CsvRow): string | null => firstOf(row, 'website', 'url', 'site', 'domain', 'homepage');

/** A company of a line. It has an id if it is a known one. */
type Draft = Omit<Company, 'id'> & { readonly id?: string };

function companyOf(row: CsvRow, find: Find): Draft | null {
  const first = (...names: readonly string[]): string | null => firstOf(row, ...names);
  const name = first('name', 'company', 'companyname', 'security');
  const ticker = first('ticker', 'symbol');
  const website = websiteOf(siteIn(row));
  const label = name ?? ticker ?? (website === null ? null : new URL(website).hostname);
  if (label === null) return null;
  const found = find({ name: label, ticker });
  // With another website it is not the known one, whatever its name: nothing of that one is its own.
  const known = website === null || hostIn(website) === hostIn(found?.website ?? null) ? found : undefined;
  const sector = first('sector', 'gicssector', 'industry') ?? known?.sector ?? null;
  return {
    ...(known !== undefined && { id: known.id }),
    name: shorten(label, 200),
    ticker: ticker === null ? (known?.ticker ?? null) : shorten(ticker, 20),
    sector: sector === null ? null : shorten(sector, 100),
    website: website ?? known?.website ?? null,
    cik: cikOf(first('cik')) ?? known?.cik ?? null,
  };
}

const hostIn = (website: string | null): string | null =>
  website === null ? null : new URL(website).hostname.replace(/^www\./, '');

/** Where on its host a site lies. */
function placeIn(website: string): string {
  const { pathname, search } = new URL(website);
  return `${pathname.replace(/\/+$/, '')}${search}`;
}

/** Hosts on which several companies of a list have their sites, at addresses of their own, such as `sites.google.com`. */
function sharedHosts(companies: readonly Draft[]): ReadonlySet<string> {
  const sites = companies.flatMap(({ name, website }) => (website === null ? [] : [{ name, website }]));
  const isShared = (found: typeof sites): boolean =>
    new Set(found.map(({ name }) => bareName(name))).size > 1 &&
    new Set(found.map(({ website }) => placeIn(website))).size > 1;
  const byHost = Map.groupBy(sites, ({ website }) => hostIn(website) ?? '');
  return new Set([...byHost].filter(([, found]) => isShared(found)).map(([host]) => host));
}

/** The same for every spelling of one company that a list can have. @param shared hosts that are not one company's alone */
function idOf({ name, website, cik }: Draft, shared: ReadonlySet<string>): string {
  const host = hostIn(website);
  if (website !== null && host !== null) return startOf(shared.has(host) ? `${host}${placeIn(website)}` : host, MAX_ID);
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
