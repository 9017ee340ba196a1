import type { CompanyMemory } from '../memory/memory.ts';
import type { KeptDocument } from './collected.ts';
import type { CollectedDocument } from './ports.ts';
import type { Reading } from './reading.ts';

/**
 * Marks the documents that differ from what an analyst last read there, on whatever night that was: what a night could not
 * read counts as changed until somebody does.
 */
export const marked = (documents: readonly KeptDocument[], memory: CompanyMemory | null): CollectedDocument[] =>
  documents.map(({ digest, ...document }) => ({ ...document, changed: memory?.read[document.url] !== digest }));

/** URLs that are remembered of a company. */
const MAX_URLS = 300;

/** What counts as read once an analyst has answered. What there was no room for does not. */
export function readAfter(
  documents: readonly KeptDocument[],
  memory: CompanyMemory | null,
  { left }: Pick<Reading, 'left'>,
): CompanyMemory['read'] {
  const unread = new Set(left);
  const read = documents.flatMap(({ url, digest }) => (unread.has(url) ? [] : [[url, digest] as const]));
  const now = new Set(read.map(([url]) => url));
  const earlier = Object.entries(memory?.read ?? {}).filter(([url]) => !now.has(url));
  return Object.fromEntries([...earlier, ...read].slice(-MAX_URLS));
}
