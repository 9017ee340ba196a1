import { readFile } from 'node:fs/promises';
import type { Agent } from '#core/agents/define-agent.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import { priceFor } from '#core/models/price.ts';
import { unlessUnreadable, type FoundDocument } from './find-documents.ts';

/** The estimated cost of a run, in US dollars at list price. */
export interface Estimate {
  readonly pages: number;
  readonly usd: number;
  /** The maximum cost: every task spends its whole budget. */
  readonly atMostUsd: number;
  readonly perDocument: readonly number[];
}

/** The model reads a PDF page as text (1,500 to 3,000 tokens) and as an image (about 1,500). */
const TOKENS_PER_PAGE = 3_000;
/** Instructions and schema. */
const TOKENS_PER_CALL = 1_500;
/** The analysis of a typical contract. */
const OUTPUT_TOKENS = 1_200;
/** A typical page. Used if the page objects are compressed and cannot be counted. */
const BYTES_PER_PAGE = 40_000;
const MAX_PAGES = 600;

/**
 * Estimates the cost from the number of pages of each document, without parsing the documents. A document that cannot be
 * read costs nothing. Throws the signal's reason when it is aborted.
 */
export async function estimateCost(
  agent: Agent<never>,
  documents: readonly FoundDocument[],
  maxUsd: number | null,
  signal?: AbortSignal,
): Promise<Estimate> {
  let pages = 0;
  const perDocument: number[] = [];
  const price = priceFor(CATALOGUE, CATALOGUE.tiers[agent.tier], 0);
  for (const document of documents) {
    signal?.throwIfAborted();
    const found = await countPages(document, agent.maxObjectBytes);
    pages += found;
    const input = found * TOKENS_PER_PAGE + TOKENS_PER_CALL;
    perDocument.push(found === 0 ? 0 : (input * price.input + OUTPUT_TOKENS * price.output) / 1e6);
  }
  const usd = perDocument.reduce((sum, value) => sum + value, 0);
  const budgets = documents.length * agent.budget.usd;
  return { pages, usd, perDocument, atMostUsd: Math.min(budgets, maxUsd ?? Infinity) };
}

async function countPages({ path, size }: FoundDocument, maxBytes: number): Promise<number> {
  if (size === 0 || size > maxBytes) return 0;
  const read = await unlessUnreadable(readFile(path));
  if ('reason' in read) return 0;
  const bytes = read.value;
  if (bytes.subarray(0, 1_024).indexOf('%PDF-') < 0) return 0;
  const found = bytes.toString('latin1').match(/\/Type\s*\/Page(?![a-z])/g)?.length ?? 0;
  return Math.min(MAX_PAGES, found || Math.ceil(size / BYTES_PER_PAGE));
}
