import { createReadStream } from 'node:fs';
import type { SimulatedWeb } from '@agent-fleet/simulated-web';
import { count } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { oneLine } from '#cli/terminal/printable.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { shorten } from '#core/text/text.ts';
import type { Company } from '../companies/company.ts';
import { readCompanies, type CompanyList } from '../companies/read-companies.ts';
import { bareName } from '../strategy/names.ts';
import { isNowhere } from '../night/item.ts';

/** Most companies of one list. */
const MAX_COMPANIES = 10_000;
/** The largest file that is read, in bytes. */
const MAX_BYTES = 20_000_000;

/** The companies of the simulated web. */
export const simulatedCompanies = (web: SimulatedWeb): Company[] =>
  web.companies.map(({ host, name, sector, ticker, site, cik }) => ({
    id: host,
    name,
    sector,
    ticker,
    website: site,
    cik,
  }));

/**
 * Reads a list of companies, and says what became of its lines. What a line does not say is looked up in the simulated web.
 * Throws wrong usage if the file cannot be read, or has no company or too many.
 */
export async function readCompanyFile(
  file: string,
  simulated: readonly Company[],
  output: Output,
): Promise<readonly Company[]> {
  const bytes = await startOfFile(file).catch((error: NodeJS.ErrnoException) => {
    throw wrongUsage(
      `${file} cannot be read (${error.code ?? 'unknown error'}).`,
      'Pass a CSV file with a list of companies.',
    );
  });
  if (bytes.length > MAX_BYTES)
    throw wrongUsage(`${file} is larger than 20 MB.`, 'Pass a list of at most 10,000 companies.');
  const list = readCompanies(decoded(bytes), finder(simulated));
  const { columns, companies, duplicates, unreadable, badWebsites } = list;
  if (companies.length === 0)
    throw wrongUsage(
      columns.length === 0
        ? `${file} has no company: it is empty.`
        : `${file} has no company. Its columns are: ${listed(columns.map((name) => oneLine(shorten(name, 40))))}.`,
      'Its first line names the columns: name, ticker or website, and sector or cik if you like.',
    );
  if (companies.length > MAX_COMPANIES)
    throw wrongUsage(`${file} has ${count(companies.length, 'line')}.`, 'Pass a list of at most 10,000 companies.');
  if (duplicates > 0) output.line(`${count(duplicates, 'line')} left out: the company is listed already.`);
  if (unreadable.length > 0)
    output.line(
      `${count(unreadable.length, 'line')} left out without a name, ticker or website: line ${listed(unreadable)}.`,
    );
  if (badWebsites.length > 0) output.line(badWebsiteWords(badWebsites));
  const unknown = companies.filter((company) => isNowhere(company)).length;
  if (unknown > 0)
    output.line(
      `Of ${count(unknown, 'company').replace(/companys$/, 'companies')} no website, SEC number or ticker is known. The brief lists them as unknown.`,
    );
  return companies;
}

/** The bytes of a file, or as many as are too many: a device may never end. */
async function startOfFile(file: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** `2 websites are no web addresses and count as not known: line 3 (localhost), line 9 (n/a).` */
function badWebsiteWords(bad: CompanyList['badWebsites']): string {
  const named = listed(bad.map(({ line, text }) => `line ${line} (${oneLine(text)})`));
  const what =
    bad.length === 1
      ? '1 website is no web address and counts'
      : `${bad.length} websites are no web addresses and count`;
  return `${what} as not known: ${named}.`;
}

/** Lines that a message names. */
const NAMED = 20;

const listed = (lines: readonly (number | string)[]): string =>
  `${lines.slice(0, NAMED).join(', ')}${lines.length > NAMED ? ` and ${lines.length - NAMED} more` : ''}`;

/** UTF-8, or UTF-16 as spreadsheets save it; else the Windows code page. */
function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function finder(simulated: readonly Company[]) {
  const byTicker = new Map(simulated.map((company) => [company.ticker?.toUpperCase(), company]));
  const byName = new Map(simulated.map((company) => [bareName(company.name), company]));
  return ({ name, ticker }: Pick<Company, 'name' | 'ticker'>): Company | undefined =>
    byName.get(bareName(name)) ?? byTicker.get((ticker ?? name).toUpperCase());
}
