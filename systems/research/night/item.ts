import { z } from 'zod';

/** The pipeline's name, in `POST /runs` too. */
export const WORKFLOW = 'research';

/** The real web. */
export const REAL_WEB = 'web';

/**
 * Which web a company is looked up in: `web`, or `simulated-<seed>-<companies>` for a simulated one. What is kept of a
 * company is kept for each of them, so that another seed or sample never reads pages of an earlier one.
 */
export const spaceSchema = z
  .string()
  .regex(/^(?:web|simulated-\d{1,10}-\d{1,5})$/, 'must be "web" or "simulated-<seed>-<companies>"');

/** News sites that are read for every company. */
export const MAX_NEWS_SITES = 5;

/** The address of a news site or of its feed. `{name}` and `{ticker}` stand for the company's. */
export const newsAddressSchema = z
  .string()
  .max(500)
  .refine((text) => URL.canParse(text) && /^https?:/i.test(text), {
    error: 'must be an http or https URL, such as https://news.example.com/search.rss?q={name}',
  });

/** An item of the pipeline: a company to research in a night. */
export const nightItemSchema = z.strictObject({
  /** Names the company over all nights. */
  id: z.string().min(1).max(256),
  name: z.string().min(1).max(200),
  sector: z.string().max(100).nullable(),
  /** Its own site; null if nobody knows it. */
  website: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(500)
    .nullable(),
  /** The number under which the SEC knows it. */
  cik: z
    .string()
    .regex(/^\d{1,10}$/, 'must be the digits of a CIK')
    .nullable(),
  ticker: z.string().max(20).nullable().default(null),
  /** YYYY-MM-DD. */
  night: z.iso.date(),
  space: spaceSchema,
  /** News sites to look for the company. @default none */
  news: z.array(newsAddressSchema).max(MAX_NEWS_SITES).readonly().optional(),
});
export type NightItem = z.infer<typeof nightItemSchema>;

/** Whether nothing says where to look for a company. */
export const isNowhere = ({
  website,
  cik,
  ticker,
  news = [],
}: Pick<NightItem, 'website' | 'cik' | 'ticker' | 'news'>): boolean =>
  // The SEC's list has the number of a ticker.
  website === null && cik === null && ticker === null && news.length === 0;

export const isSimulated = ({ space }: Pick<NightItem, 'space'>): boolean => space !== REAL_WEB;

/** The object in the bucket of snapshots that says where a simulated web is served. The command line writes it. */
export const SIMULATED_WEB_KEY = 'simulated-web.json';
export const simulatedWebSchema = z.object({
  /** On 127.0.0.1. */
  port: z.int().min(1).max(65_535),
  /** Whom a site's owner may ask. @default nobody, since it is this machine */
  contact: z.string().min(1).optional(),
  /** What it shows now: items of another space or night wait for it. @default everything */
  space: spaceSchema.optional(),
  night: z.iso.date().optional(),
});
export type SimulatedWebPlace = z.infer<typeof simulatedWebSchema>;
