import { getDomain } from 'tldts';
import type { Manner } from './politeness.ts';

/**
 * Whom a host belongs to, for politeness: its registrable domain (`shop.example.co.uk` is `example.co.uk`), so that the
 * many hosts of one site are asked in turn. A host without one stands for itself.
 */
export const siteOf = (host: string): string => getDomain(host, { allowPrivateDomains: true }) ?? host.toLowerCase();

const DEFAULT: Manner = { delayMs: 1_000 };
/**
 * SEC allows ten requests a second over all machines. One at a time with this pause between them is at most
 * five, however fast its answers are and however late a stalled process sends.
 */
const EDGAR: Manner = { delayMs: 200 };

/** How a site is treated. `sec.test` is EDGAR's stand-in. @param crawlDelayMs what its robots.txt asks for */
export function mannerOf(site: string, crawlDelayMs: number | null): Manner {
  if (site === 'sec.gov' || site === 'sec.test') return EDGAR;
  return { delayMs: Math.max(DEFAULT.delayMs, crawlDelayMs ?? 0) };
}
