import { startOf } from '#core/text/text.ts';
import { utf8Length } from '#core/text/utf8-length.ts';
import type { AnalystInput } from '../agents/analyst-input.ts';
import { addressesModel } from '../claims/instructions.ts';
import type { Snapshot } from '../claims/accept.ts';
import { storiesOf } from '../claims/stories.ts';
import type { Company } from '../companies/company.ts';
import type { CollectedDocument } from './ports.ts';

/** Characters of one document. */
const MAX_DOCUMENT = 30_000;
/** Bytes of all documents of a task, which fit a request and stay below the price of long prompts. */
const MAX_READING = 130_000;
const MAX_DOCUMENTS = 40;

/** What an analyst gets to read. */
export interface Reading {
  /** Null if nothing is left to read. */
  readonly input: AnalystInput | null;
  /** All documents, as their claims are checked. */
  readonly snapshots: readonly Snapshot[];
  readonly warnings: readonly string[];
  /** URLs of documents that changed and that nobody gets to read, since there was no room. */
  readonly left: readonly string[];
}

/**
 * Chooses what an analyst reads of what changed: each story once, without paragraphs that speak to a model, the newest
 * first as far as there is room. What is left out is said.
 */
export function readingOf(company: Company, documents: readonly CollectedDocument[], night: string): Reading {
  let cleared = 0;
  const cleaned = documents.map((document) => {
    const { text, removed } = withoutInstructions(document.text);
    if (document.changed) cleared += removed;
    const title = addressesModel(document.title) ? '' : document.title;
    return { ...document, title, text: startOf(text, MAX_DOCUMENT) };
  });
  const stories = storiesOf(cleaned.filter(({ changed, text }) => changed && text.trim() !== ''));
  const first = stories.flatMap(([document]) => (document === undefined ? [] : [document]));
  const copies = new Map(stories.flatMap((story) => (story[0] === undefined ? [] : [[story[0].id, story] as const])));
  const chosen: CollectedDocument[] = [];
  let room = MAX_READING;
  for (const document of first.toSorted(newestFirst)) {
    const bytes = utf8Length(JSON.stringify(document.text));
    if (chosen.length === MAX_DOCUMENTS || bytes > room) continue;
    room -= bytes;
    chosen.push(document);
  }
  const unread = first.filter((document) => !chosen.includes(document));
  const left = unread.length;
  return {
    input: chosen.length === 0 ? null : inputOf(company, chosen, night),
    snapshots: cleaned.map(({ id, url, title, text, kind, published = null, fetched }) => ({
      id,
      url,
      title,
      text,
      published,
      fetched,
      ...(kind === 'press' && { press: true as const }),
    })),
    warnings: [
      ...(cleared === 0 ? [] : [`${plural(cleared, 'paragraph')} left out that speak to a model.`]),
      ...(left === 0 ? [] : [`${plural(left, 'document')} left out: there was no room for more.`]),
    ],
    left: unread.flatMap(({ id }) => (copies.get(id) ?? []).map(({ url }) => url)),
  };
}

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

const newestFirst = (a: CollectedDocument, b: CollectedDocument): number =>
  Date.parse(b.published ?? b.fetched) - Date.parse(a.published ?? a.fetched) || Number(a.url > b.url) - 0.5;

const inputOf = (company: Company, documents: readonly CollectedDocument[], night: string): AnalystInput => ({
  company: { name: company.name, sector: company.sector },
  night,
  documents: documents.map(({ id, title, kind, published = null, text }) => ({
    id,
    title: startOf(title, 300),
    kind: startOf(kind, 40),
    published: published === null ? null : startOf(published, 40),
    text,
  })),
});

/** A text without the paragraphs that speak to a model. */
function withoutInstructions(text: string): { readonly text: string; readonly removed: number } {
  const paragraphs = text.split('\n');
  const kept = paragraphs.filter((paragraph) => !addressesModel(paragraph));
  return { text: kept.join('\n'), removed: paragraphs.length - kept.length };
}
