import { createHash } from 'node:crypto';
import { acceptClaims, type AcceptOptions, type Snapshot } from '../../claims/accept.ts';
import type { Claim, ReportedClaim } from '../../claims/claim.ts';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export const snapshot = (id: string, text: string, published: string | null = '2026-11-10'): Snapshot => ({
  id,
  url: `https://site-${id}.test/`,
  title: `Title ${id}`,
  published,
  fetched: '2026-11-11T22:00:00Z',
  text,
});

export const reported = (quote: string, more: Partial<ReportedClaim> = {}): ReportedClaim => ({
  kind: 'deal',
  text: quote,
  quote,
  source: 's1',
  date: null,
  magnitude: 3,
  names: [],
  ...more,
});

/** What the night of 11 November learns about Acme. */
export const accept = (
  claims: readonly ReportedClaim[],
  snapshots: readonly Snapshot[],
  {
    known = [],
    unconfirmed = [],
    night = '2026-11-11',
  }: Partial<Pick<AcceptOptions, 'known' | 'unconfirmed' | 'night'>> = {},
) =>
  acceptClaims(claims, { company: 'Acme Corporation', night, snapshots, known, unconfirmed, maxAgeDays: 45, digest });

export const claim = (quote: string, more: Partial<Claim> = {}): Claim => ({
  id: digest(quote).slice(0, 8),
  kind: 'deal',
  text: quote,
  quote,
  date: '2026-11-10',
  magnitude: 3,
  names: [],
  sources: [{ url: 'https://acme.test/news', title: 'News', published: null, fetched: '2026-11-10T22:00:00Z', quote }],
  firstSeen: '2026-11-10',
  ...more,
});
