import { parseAtomFeed } from 'feedsmith';
import { z } from 'zod';

/** One entry of EDGAR's feed of current filings: a filing, as it concerns one company or person. */
export interface CurrentFiling {
  readonly accessionNumber: string;
  /** As filed, such as `8-K/A`. */
  readonly form: string;
  readonly cik: string;
  readonly company: string;
  /** What the company or person is in the filing: `Filer`, `Issuer`, `Subject`, `Reporting`, `Filed by`. */
  readonly role: string;
  /** When it was accepted, with the offset of New York: texts of two offsets have no order, so compare `acceptedMs`. */
  readonly accepted: string;
  readonly acceptedMs: number;
  readonly url: string;
  /** Of an 8-K: its items, in order. */
  readonly items: readonly { readonly number: string; readonly title: string }[];
}

export interface CurrentFilings {
  /** The newest first, as in the feed. */
  readonly filings: readonly CurrentFiling[];
  /** Entries of the page, also those that cannot be read. */
  readonly entries: number;
  /** The title of the first entry that cannot be read. Null: all were read. */
  readonly unread: string | null;
}

const text = z.object({ value: z.string() });
const entrySchema = z
  .object({
    title: text,
    id: z.string(),
    updated: z.iso.datetime({ offset: true }),
    links: z.array(z.object({ href: z.url({ protocol: /^https?$/ }).max(2_000) })).min(1),
    categories: z.array(z.object({ term: z.string().min(1).max(20) })).min(1),
    summary: text.optional(),
  })
  .transform(({ title, id, updated, links, categories, summary }, context): CurrentFiling => {
    // The id is a tag (RFC 4151). Its text has been misspelt before, so only the number counts.
    const accessionNumber = /\d{10}-\d{2}-\d{6}$/.exec(id)?.[0];
    const [, company, cik, role] = / - (.+) \((\d{10})\) \(([^()]+)\)\s*$/.exec(title.value) ?? [];
    if (accessionNumber === undefined || company === undefined || cik === undefined || role === undefined) {
      context.addIssue('must have an accession number, and a title such as "8-K - NAME (0000000000) (Filer)"');
      return z.NEVER;
    }
    const [url, form] = [links[0]?.href ?? '', categories[0]?.term ?? ''];
    const items = itemsOf(summary?.value ?? '');
    const acceptedMs = Date.parse(updated);
    return { accessionNumber, form, cik, company, role, accepted: updated, acceptedMs, url, items };
  });

const feedSchema = z.object({ entries: z.array(z.unknown()).default([]) });

/**
 * Reads a page of EDGAR's current filings in Atom
 * (https://www.sec.gov/cgi-bin/browse-edgar?action=getcurrent&output=atom). An entry that cannot be read is counted and never
 * fails the page. Null: the text is no Atom feed, such as a page with an error.
 */
export function readCurrentFilings(source: string): CurrentFilings | null {
  const feed = feedSchema.safeParse(parsed(source));
  if (!feed.success) return null;
  const filings: CurrentFiling[] = [];
  let unread: string | null = null;
  for (const entry of feed.data.entries) {
    const filing = entrySchema.safeParse(entry);
    if (filing.success) filings.push(filing.data);
    else unread ??= titleOf(entry);
  }
  return { filings, entries: feed.data.entries.length, unread };
}

function parsed(source: string): unknown {
  try {
    return parseAtomFeed(source);
  } catch {
    return null;
  }
}

const titleOf = (entry: unknown): string => z.object({ title: text }).safeParse(entry).data?.title.value ?? 'untitled';

/** The summary of an 8-K is HTML with a line for each item: `<br>Item 1.03: Bankruptcy or Receivership`. */
const itemsOf = (html: string): CurrentFiling['items'] =>
  [...html.matchAll(/\bItem (\d\.\d{2}): ([^<\n]*)/g)].map(([, number = '', title = '']) => ({
    number,
    title: title.trim(),
  }));
