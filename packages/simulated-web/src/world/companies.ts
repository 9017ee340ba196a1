import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Choices } from '../random.ts';
import { parseCsv } from './csv.ts';

/** A company with a site. Names, symbols and sectors are those of the S&P 500; everything else is made up. */
export interface Company {
  /** The name in lower case with hyphens; unique. */
  readonly id: string;
  /** The name in the list, such as `Abbott Laboratories`. */
  readonly name: string;
  /** The name in running text, such as `Abbott`. */
  readonly shortName: string;
  readonly ticker: string;
  /** Ten digits, as in EDGAR's paths. */
  readonly cik: string;
  readonly sector: string;
  readonly industry: string;
  readonly city: string;
  readonly founded: string;
  readonly host: string;
  readonly site: string;
}

const FILE = join(import.meta.dirname, '../../data/sp500-constituents.csv');

/** All 500 companies: of two classes of shares the first counts. */
function readCompanies(): Company[] {
  const companies = new Map<string, Company>();
  for (const row of parseCsv(readFileSync(FILE, 'utf8'))) {
    const company = companyOf(row);
    if (!companies.has(company.cik)) companies.set(company.cik, company);
  }
  return [...companies.values()];
}

function companyOf(row: Record<string, string>): Company {
  const name = (row['Security'] ?? '').replace(/ \((?:Class [A-Z]|The)\)$/, '');
  const id = idOf(name);
  const host = `${id}.test`;
  return {
    id,
    name,
    shortName: shorten(name),
    ticker: row['Symbol'] ?? '',
    cik: (row['CIK'] ?? '').padStart(10, '0'),
    sector: row['GICS Sector'] ?? '',
    industry: row['GICS Sub-Industry'] ?? '',
    city: (row['Headquarters Location'] ?? '').split(/[,;]/)[0] ?? '',
    founded: /\d{4}/.exec(row['Founded'] ?? '')?.[0] ?? '1990',
    host,
    site: `http://${host}/`,
  };
}

export const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f'’.]/g, '')
    .replaceAll('&', ' and ')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

const SUFFIX =
  /(?:,| &)? (?:Inc\.?|Corp\.?|Corporation|Company|Companies|Group|Holdings?|plc|Incorporated|Ltd\.?|& Co\.|Worldwide|International)$/;

/** Without the words that running text leaves out, unless one word remains that is no name. */
function shorten(name: string): string {
  const shorter = name.replace(SUFFIX, '');
  return shorter === name || /^(?:.|The|American|General|Public|News|Southern|Booking)$/.test(shorter) ? name : shorter;
}

/** A title as a part of an address, at most `length` characters long. */
export const slugOf = (title: string, length: number): string =>
  idOf(title.replaceAll('.', ' ')).slice(0, length).replace(/-$/, '');

let all: readonly Company[] | undefined;

/** `count` companies that the seed chooses, in the order of their names. */
export function chooseCompanies(seed: number, count: number): Company[] {
  all ??= readCompanies();
  const chosen = new Choices(`${seed}/companies`).sample(all, count);
  return chosen.sort((one, other) => (one.id < other.id ? -1 : 1));
}
