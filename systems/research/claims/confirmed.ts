import { siteOf } from '#core/web/site.ts';
import type { Claim } from './claim.ts';

/**
 * Whether a claim is more than the word of one news site: the company or the SEC tells it, or two sites do. News sites
 * print denials, rumours, and news of companies with the same name, and nobody else repeats most of them.
 */
export function isConfirmed({ sources }: Pick<Claim, 'sources'>): boolean {
  if (sources.some(({ press }) => press !== true)) return true;
  return new Set(sources.map(({ url }) => siteOf(new URL(url).hostname))).size > 1;
}
