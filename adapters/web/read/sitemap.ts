import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { startOf } from '#core/text/text.ts';
import { resolveLink } from '#core/web/canonical.ts';
import { isoDate } from '#core/web/plain.ts';

/** A page, or a further sitemap, that a sitemap names. */
export interface SitemapEntry {
  readonly url: string;
  readonly modified?: string;
}

export interface Sitemap {
  readonly pages: readonly SitemapEntry[];
  /** Of an index. */
  readonly sitemaps: readonly SitemapEntry[];
}

const MAX_ENTRIES = 5_000;
const LISTS = new Set(['urlset.url', 'sitemapindex.sitemap']);

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  // The five of XML. A document type that defines its own is not read.
  processEntities: true,
  isArray: (_name, path) => LISTS.has(String(path)),
});

const entrySchema = z
  .object({ loc: z.string(), lastmod: z.string().optional().catch(undefined) })
  .nullable()
  .catch(null);
const list = z.array(entrySchema).optional().catch(undefined);
const sitemapSchema = z.object({
  urlset: z.object({ url: list }).optional().catch(undefined),
  sitemapindex: z.object({ sitemap: list }).optional().catch(undefined),
});

/** What a sitemap or an index of sitemaps names (sitemaps.org), with at most 5,000 entries. Null if the text is neither. */
export function readSitemap(source: string, url: string): Sitemap | null {
  const found = parsed(source);
  if (found === null || (found.urlset === undefined && found.sitemapindex === undefined)) return null;
  return { pages: entriesOf(found.urlset?.url, url), sitemaps: entriesOf(found.sitemapindex?.sitemap, url) };
}

function parsed(source: string): z.infer<typeof sitemapSchema> | null {
  if (/<!DOCTYPE/i.test(startOf(source, 4_096))) return null;
  try {
    return sitemapSchema.safeParse(parser.parse(source)).data ?? null;
  } catch {
    return null;
  }
}

const entriesOf = (entries: z.infer<typeof list>, base: string): SitemapEntry[] =>
  (entries ?? []).slice(0, MAX_ENTRIES).flatMap((entry) => {
    const url = entry === null ? null : resolveLink(entry.loc, base);
    if (url === null) return [];
    const modified = isoDate(entry?.lastmod);
    return [{ url, ...(modified !== undefined && { modified }) }];
  });
