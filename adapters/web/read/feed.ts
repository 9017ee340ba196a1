import { parseFeed } from 'feedsmith';
import { z } from 'zod';
import { startOf } from '#core/text/text.ts';
import { resolveLink } from '#core/web/canonical.ts';
import { isoDate, tidy } from '#core/web/plain.ts';
import { withoutComments } from './read-plain.ts';

/** An entry of a feed. */
export interface FeedItem {
  readonly url: string;
  readonly title: string;
  readonly published?: string;
}

/** Longer feeds are archives. */
const MAX_CHARS = 1_048_576;
const MAX_ITEMS = 100;
const MAX_TITLE_CHARS = 300;

const text = z.string().optional().catch(undefined);
const texts = z.array(z.string()).optional().catch(undefined);
const linkSchema = z.object({ href: text, rel: text }).catch({});
const title = z
  .union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)])
  .optional()
  .catch(undefined);
const itemSchema = z.object({
  title,
  link: text,
  links: z.array(linkSchema).optional().catch(undefined),
  url: text,
  guid: z.object({ value: text, isPermaLink: z.boolean().optional() }).optional().catch(undefined),
  pubDate: text,
  published: text,
  updated: text,
  date_published: text,
  dc: z.object({ date: text, dates: texts }).optional().catch(undefined),
});
const items = z.array(itemSchema.catch({})).optional().catch(undefined);
const feedSchema = z.object({ items, entries: items });

/** The entries of an RSS, Atom, RDF or JSON feed, in its order. Null if the text is no feed. */
export function readFeed(source: string, url: string): readonly FeedItem[] | null {
  if (source.length > MAX_CHARS) return null;
  const feed = parsed(source);
  if (feed === null) return null;
  return (feed.items ?? feed.entries ?? []).slice(0, MAX_ITEMS).flatMap((item) => {
    const link = resolveLink(linkOf(item) ?? '', url);
    if (link === null) return [];
    const published = isoDate(dateOf(item));
    const title = startOf(tidy(withoutComments(item.title ?? '')).replaceAll('\n', ' '), MAX_TITLE_CHARS);
    return [{ url: link, title, ...(published !== undefined && { published }) }];
  });
}

function parsed(source: string): z.infer<typeof feedSchema> | null {
  try {
    return feedSchema.safeParse(parseFeed(source).feed).data ?? null;
  } catch {
    return null;
  }
}

type Item = z.infer<typeof itemSchema>;

function linkOf({ link, url, links, guid }: Item): string | undefined {
  const alternate = links?.find(({ rel }) => rel === undefined || rel === 'alternate')?.href;
  return link ?? url ?? alternate ?? (guid?.isPermaLink === false ? undefined : guid?.value);
}

const dateOf = ({ pubDate, published, updated, date_published: json, dc }: Item): string | undefined =>
  pubDate ?? published ?? json ?? dc?.date ?? dc?.dates?.[0] ?? updated;
