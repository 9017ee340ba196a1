import { shorten } from '#core/text/text.ts';
import type { Clause, Contract, Risk } from './contract.ts';
import { listPages } from '../pdf/page-flaws.ts';
import type { QuoteIndex } from './quotes.ts';

/**
 * Returns the problems of an analysis that has the right shape, one sentence each: quotes that are missing, or not on
 * the page named. The model gets them to repair its answer, so a changed sentence needs a new agent version.
 */
export function checkContract(contract: Contract, quotes: QuoteIndex): string[] {
  const findings = [
    ...contract.clauses.map((clause, index) => quoteProblem(`clauses[${index}] (${clause.kind})`, clause, quotes)),
    ...contract.risks.map((risk, index) => riskProblem(`risks[${index}] (${risk.kind})`, risk, quotes)),
  ].filter((problem) => problem !== null);
  const blank = contract.parties.some((party) => party.trim() === '');
  return [
    ...(contract.title.trim() === '' ? ['title is empty: give the document’s title, or a short description.'] : []),
    ...(blank ? ['parties holds an empty name: leave it out.'] : []),
    ...findings,
  ];
}

/** A finding whose quote could not be confirmed carries `verified: false`. */
export type Flagged<Finding extends Clause | Risk> = Omit<Finding, 'page'> & {
  page: Finding['page'] | number;
  readonly verified?: false;
  /** Why it could not be confirmed, unless its words are not in the document: the page has no text to compare with. */
  readonly unverifiedBecause?: 'scanned';
};

export interface SalvagedContract extends Omit<Contract, 'clauses' | 'risks'> {
  clauses: Flagged<Clause>[];
  risks: Flagged<Risk>[];
}

/** Flags the quotes from pages without text, and warns the reader of what may be missing. */
export function annotateContract(
  contract: Contract,
  quotes: QuoteIndex,
): { readonly output: SalvagedContract; readonly warnings: readonly string[] } {
  if (quotes.unread.length === 0) return { output: contract, warnings: quotes.notes };
  const flag = <Finding extends Clause | Risk>(finding: Finding): Flagged<Finding> =>
    isFromScan(finding, quotes) ? { ...finding, verified: false, unverifiedBecause: 'scanned' } : finding;
  const output = { ...contract, clauses: contract.clauses.map(flag), risks: contract.risks.map(flag) };
  return { output, warnings: [scanWarning(quotes), ...quotes.notes] };
}

const scanWarning = ({ unread }: QuoteIndex): string =>
  `The model read page${unread.length === 1 ? '' : 's'} ${listPages(unread)} as pictures, such as scans. Their quotes could not be verified.`;

/** Whether a finding is from a page without text, where its words cannot be looked up. */
const isFromScan = ({ quote, page }: Pick<Clause | Risk, 'quote' | 'page'>, quotes: QuoteIndex): boolean =>
  quote !== null && page !== null && quotes.unread.includes(page) && quotes.locate(quote, page).found === 'nowhere';

/**
 * Keeps what is usable of an analysis that still has problems after the repair. A quote on another page gets the right
 * page number. A quote that is not in the document is kept and flagged, with a warning for the reader.
 */
export function salvageContract(
  contract: Contract,
  quotes: QuoteIndex,
): { readonly output: SalvagedContract; readonly warnings: readonly string[] } {
  const output: SalvagedContract = {
    ...contract,
    title: contract.title.trim() === '' ? 'Untitled document' : contract.title,
    parties: contract.parties.filter((party) => party.trim() !== ''),
    clauses: contract.clauses.map((clause) => correctPage(clause, quotes)),
    risks: contract.risks.map((risk) =>
      isMissing(risk) ? { ...risk, quote: null, page: null } : correctPage(risk, quotes),
    ),
  };
  const flagged = [...output.clauses, ...output.risks].filter(
    ({ verified, unverifiedBecause }) => verified === false && unverifiedBecause === undefined,
  ).length;
  const warnings = [
    ...(flagged === 0 ? [] : [`${flagged} quote${flagged === 1 ? '' : 's'} could not be found in the document.`]),
    ...(quotes.unread.length === 0 ? [] : [scanWarning(quotes)]),
    ...quotes.notes,
  ];
  return { output, warnings };
}

/** Corrects the page of a finding, or flags the finding if its quote is not in the document. */
function correctPage<Finding extends Clause | Risk>(finding: Finding, quotes: QuoteIndex): Flagged<Finding> {
  if (finding.quote === null) return { ...finding, verified: false };
  const place = quotes.locate(finding.quote, finding.page ?? 0);
  switch (place.found) {
    case 'here':
      return finding;
    case 'elsewhere':
      return { ...finding, page: place.page };
    case 'nowhere':
      return { ...finding, verified: false, ...(isFromScan(finding, quotes) && { unverifiedBecause: 'scanned' }) };
  }
}

/** A missing clause has no quote. */
const isMissing = (risk: Risk): boolean => risk.kind === 'missing-clause';

function riskProblem(name: string, risk: Risk, quotes: QuoteIndex): string | null {
  if (isMissing(risk))
    return risk.quote === null ? null : `${name}: what is missing has no quote: set quote and page to null.`;
  const { quote, page } = risk;
  if (quote === null || page === null) return `${name}: quote the words that make the risk, with their page.`;
  return quoteProblem(name, { quote, page }, quotes);
}

function quoteProblem(
  name: string,
  { quote, page }: Pick<Clause, 'quote' | 'page'>,
  quotes: QuoteIndex,
): string | null {
  if (isFromScan({ quote, page }, quotes)) return null;
  const place = quotes.locate(quote, page);
  const words = `“${shorten(quote, 81)}”`;
  switch (place.found) {
    case 'here':
      return null;
    case 'elsewhere':
      return `${name}: the quote ${words} begins on page ${place.page}, not on page ${page}.`;
    case 'nowhere': {
      const beyond = page > quotes.pages ? `; the document has ${quotes.pages} pages` : '';
      return `${name}: the quote ${words} does not occur on page ${page} or elsewhere: copy it letter by letter, or leave the finding out${beyond}.`;
    }
  }
}
