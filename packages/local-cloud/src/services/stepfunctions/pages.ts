import { z } from 'zod';
import { invalidPage } from './errors.ts';

/** The paging fields of every list action. */
export const paging = { maxResults: z.int().min(0).max(1000).optional(), nextToken: z.string().max(3096).optional() };

/** AWS returns at most 1,000 entries, and 100 by default. */
export function pageSize(maxResults: number | undefined): number {
  return maxResults === undefined || maxResults === 0 ? 100 : maxResults;
}

/** Returns the position at which a page starts. */
export function readToken(nextToken: string | undefined, start: number): number {
  if (nextToken === undefined) return start;
  const at = Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isSafeInteger(at)) throw invalidPage();
  return at;
}

/** Returns the token of the next page, or nothing if the page is not full. */
export function nextToken(rows: readonly { readonly id: number }[], size: number): { readonly nextToken?: string } {
  const last = rows.at(-1);
  if (last === undefined || rows.length < size) return {};
  return { nextToken: Buffer.from(String(last.id)).toString('base64url') };
}
