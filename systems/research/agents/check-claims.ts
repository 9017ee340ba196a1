import { shorten } from '#core/text/text.ts';
import type { ReportedClaim, ReportedClaims } from '../claims/claim.ts';
import { inventedFigures } from '../claims/compare.ts';
import { standsIn } from '../claims/quotes.ts';
import type { ReadDocument } from './analyst-input.ts';

/** What an analyst's answer is checked against. */
export type ClaimContext = readonly ReadDocument[];

/**
 * Returns what is wrong with the claims, one sentence each. The model gets them to repair its answer once, so a changed
 * sentence needs a new agent version.
 */
export const checkClaims = ({ claims }: ReportedClaims, documents: ClaimContext): string[] =>
  claims.flatMap((claim, at) => {
    const problem = claimProblem(claim, documents);
    return problem === null ? [] : [`claims[${at}] (${claim.kind}): ${problem}`];
  });

/** Drops the claims that are still wrong after the repair. */
export function salvageClaims({ claims }: ReportedClaims, documents: ClaimContext) {
  const kept = claims.filter((claim) => claimProblem(claim, documents) === null);
  const dropped = claims.length - kept.length;
  const warnings =
    dropped === 0 ? [] : [`${dropped} claim${dropped === 1 ? '' : 's'} dropped: no source has the quoted words.`];
  return { output: { claims: kept }, warnings };
}

const LINK = /\bhttps?:|\bwww\.|\]\(/i;

function claimProblem({ quote, source, text }: ReportedClaim, documents: ClaimContext): string | null {
  const document = documents.find(({ id }) => id === source);
  const words = `“${shorten(quote, 121)}”`;
  if (document === undefined)
    return `there is no source ${shorten(source, 20)}: name the source that the quote is from.`;
  if (!standsIn(quote, document.text)) {
    const other = documents.find((each) => standsIn(quote, each.text));
    return other === undefined
      ? `the quote ${words} is not in ${source}: copy it letter by letter, at least a few words, or leave the claim out.`
      : `the quote ${words} is not in ${source} but in ${other.id}.`;
  }
  const invented = inventedFigures(text, quote);
  if (invented.length > 0)
    return `text has ${invented.slice(0, 3).join(', ')}, which the quote does not: take figures from the quote only.`;
  return LINK.test(text) ? 'text has a link: leave links out.' : null;
}
