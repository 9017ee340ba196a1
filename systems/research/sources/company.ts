import { z } from 'zod';

/** A company whose documents are collected. */
export const companySchema = z.object({
  name: z.string().trim().min(1).max(200),
  /** Its site: an address such as `example.com`, or a URL. */
  site: z.string().trim().min(1).max(500).optional(),
  /** Its symbol on an American exchange. */
  ticker: z
    .string()
    .trim()
    .regex(/^[A-Za-z][A-Za-z0-9.-]{0,9}$/, 'must be a ticker such as MSFT')
    .optional(),
  /** Its number at the SEC, which stays when name and ticker change. */
  cik: z.coerce.number().int().positive().max(9_999_999_999).optional(),
  /** Addresses of news sites or their feeds, with `{name}` and `{ticker}`. */
  news: z.array(z.string()).readonly().optional(),
});
export type Company = z.infer<typeof companySchema>;

/** `news` is what a company tells of itself, `press` what others tell of it. The site on which a page lies decides. */
export const DOCUMENT_KINDS = ['filing', 'news', 'pricing', 'jobs', 'home', 'press'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export interface SourceDocument {
  /** `s1`, `s2` and so on: what a claim cites. */
  readonly id: string;
  readonly url: string;
  readonly title: string;
  /** When its publisher dates it, as an ISO date or time. */
  readonly published?: string;
  /** When this text was fetched, as ISO time. */
  readonly fetched: string;
  readonly text: string;
  readonly kind: DocumentKind;
  /** Whether the text differs from the last night's, or is new. */
  readonly changed: boolean;
}

export interface SourceFailure {
  readonly url: string;
  readonly reason: string;
  /** Whether the source may have news that nobody saw: it denied the page, asked to wait, or could not be read. */
  readonly unread?: true | undefined;
}

export interface Collection {
  readonly documents: readonly SourceDocument[];
  readonly failures: readonly SourceFailure[];
  /** Whether there are documents and none differs from the last night's, so that no model has to read them. */
  readonly unchanged: boolean;
}

/** What one company may take in a night. */
export interface SourceBudget {
  /** Documents. Sitemaps, feeds and lists are few, and not counted. */
  readonly pages: number;
  /** Characters of text over all documents. */
  readonly characters: number;
}

export const SOURCE_BUDGET: SourceBudget = { pages: 12, characters: 400_000 };
