import type { PairInput } from '../agents/strategist-input.ts';
import type { ReportedMove } from './move.ts';
import { mentions } from './names.ts';

/**
 * What is wrong with the evidence of a move; null if it holds. A move holds if a claim of the first company that it cites
 * names the second one in its quote: what stands elsewhere on the page, no reader of the brief can see.
 */
export function evidenceProblem({ evidence }: Pick<ReportedMove, 'evidence'>, { id, by, against }: PairInput) {
  const known = new Set([...by.claims, ...against.claims].map((claim) => claim.id));
  if (evidence.some((claim) => !known.has(claim))) return `evidence names a claim that ${id} does not have.`;
  const own = by.claims.filter((claim) => evidence.includes(claim.id));
  if (own.length === 0) return 'evidence needs a claim of the first company.';
  return own.some(({ quote }) => mentions(quote, against.name))
    ? null
    : 'evidence needs a claim of the first company whose quote names the second. Without one, leave the move out.';
}
