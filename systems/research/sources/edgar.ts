import { z } from 'zod';
import type { Company } from './company.ts';
import type { Reader } from './reader.ts';

/** Where EDGAR is. */
export interface EdgarHosts {
  /** @default https://data.sec.gov */
  readonly data: string;
  /** @default https://www.sec.gov */
  readonly www: string;
}

export const SEC: EdgarHosts = { data: 'https://data.sec.gov', www: 'https://www.sec.gov' };
/** EDGAR in the stand-in web. */
export const SEC_STAND_IN: EdgarHosts = { data: 'http://data.sec.test', www: 'http://www.sec.test' };

/** A filing never changes, so it is fetched on its first night alone. */
const MAX_FILINGS = 5;
const MAX_AGE_DAYS = 120;

const tickersSchema = z.record(z.string(), z.object({ cik_str: z.coerce.number(), ticker: z.string() }));
/** Parallel lists, the newest first. */
const submissionsSchema = z.object({
  name: z.string().catch(''),
  filings: z.object({
    recent: z.object({
      accessionNumber: z.array(z.string()),
      filingDate: z.array(z.string()),
      form: z.array(z.string()),
      items: z.array(z.string()).catch([]),
      primaryDocument: z.array(z.string()),
    }),
  }),
});

/** What the items of a current report are about (Form 8-K, general instructions). */
const ITEMS: Readonly<Record<string, string>> = {
  '1.01': 'material agreement',
  '1.02': 'end of a material agreement',
  '1.03': 'bankruptcy',
  '1.05': 'cybersecurity incident',
  '2.01': 'acquisition or sale completed',
  '2.02': 'results',
  '2.05': 'restructuring',
  '2.06': 'impairment',
  '3.01': 'delisting',
  '4.01': 'change of auditor',
  '4.02': 'earlier statements not to be relied on',
  '5.01': 'change of control',
  '5.02': 'officers or directors',
  '7.01': 'disclosure under Regulation FD',
  '8.01': 'other events',
};

interface Filing {
  readonly url: string;
  readonly title: string;
  readonly published: string;
}

/** Reads a listed company's current newest reports (8-K) of the last 120 days. Throws `Deferred`. */
export async function readEdgar(company: Company, night: string, reader: Reader, hosts: EdgarHosts): Promise<void> {
  const cik = company.cik ?? (company.ticker === undefined ? null : await cikOf(company.ticker, reader, hosts));
  if (cik === null) return;
  const url = `${hosts.data}/submissions/CIK${String(cik).padStart(10, '0')}.json`;
  const fetched = await reader.page(url);
  if (fetched === null) return;
  const submissions = parsed(submissionsSchema, fetched.page.text);
  if (submissions === null) {
    reader.fail(url, 'The list of filings cannot be read.', true);
    return;
  }
  for (const { url, title, published } of currentReports(submissions, cik, night, hosts)) {
    await reader.read(url, 'filing', { title, published, fixed: true });
  }
}

async function cikOf(ticker: string, reader: Reader, hosts: EdgarHosts): Promise<number | null> {
  const url = `${hosts.www}/files/company_tickers.json`;
  const fetched = await reader.page(url);
  if (fetched === null) return null;
  const cik = tickersOf(fetched.page.hash, fetched.page.text)?.get(spelled(ticker));
  if (cik === undefined) reader.fail(url, `The SEC lists no company with the ticker ${ticker}. Give its CIK instead.`);
  return cik ?? null;
}

/** The list has ten thousand rows and is the same for every company, so a process keeps the last one. */
let kept: { readonly hash: string; readonly tickers: ReadonlyMap<string, number> } | undefined;

function tickersOf(hash: string, text: string): ReadonlyMap<string, number> | null {
  if (kept?.hash === hash) return kept.tickers;
  const rows = parsed(tickersSchema, text);
  if (rows === null) return null;
  const tickers = new Map(Object.values(rows).map(({ ticker, cik_str: cik }) => [spelled(ticker), cik]));
  kept = { hash, tickers };
  return tickers;
}

/** The SEC writes classes of shares with a hyphen. */
const spelled = (ticker: string): string => ticker.toUpperCase().replaceAll('.', '-');

function currentReports(
  { filings: { recent } }: z.infer<typeof submissionsSchema>,
  cik: number,
  night: string,
  hosts: EdgarHosts,
): Filing[] {
  const since = new Date(Date.parse(night) - MAX_AGE_DAYS * 86_400_000).toISOString().slice(0, 10);
  return recent.accessionNumber
    .flatMap((accession, index): Filing[] => {
      const published = recent.filingDate[index] ?? '';
      const document = recent.primaryDocument[index] ?? '';
      const isCurrent = /^8-K(\/A)?$/.test(recent.form[index] ?? '') && published >= since;
      if (!isCurrent || !/^\d{10}-\d{2}-\d{6}$/.test(accession) || !/^[\w-][\w.-]*$/.test(document)) return [];
      const url = `${hosts.www}/Archives/edgar/data/${cik}/${accession.replaceAll('-', '')}/${document}`;
      return [{ url, published, title: titleOf(recent.form[index] ?? '', published, recent.items[index] ?? '') }];
    })
    .toSorted((a, b) => (a.published < b.published ? 1 : a.published > b.published ? -1 : 0))
    .slice(0, MAX_FILINGS);
}

function titleOf(form: string, published: string, items: string): string {
  const about = items.split(',').flatMap((item) => ITEMS[item.trim()] ?? []);
  return `${form} of ${published}${about.length === 0 ? '' : `: ${about.join(', ')}`}`;
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
