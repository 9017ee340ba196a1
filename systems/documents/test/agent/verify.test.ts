import { describe, expect, it } from 'vitest';
import { indexQuotes } from '../../agents/quotes.ts';
import { checkContract, salvageContract } from '../../agents/verify-contract.ts';
import { contract } from './support.ts';

const quotes = indexQuotes(['Either party may terminate at any time.', 'Liability is not limited.']);
const termination = { kind: 'termination', quote: 'Either party may terminate at any time.', page: 1 } as const;
const liability = {
  kind: 'unlimited-liability',
  severity: 'high',
  quote: 'Liability is not limited.',
  page: 2,
} as const;
const missing = { kind: 'missing-clause', severity: 'low', quote: null, page: null } as const;

describe('the check of an analysis', () => {
  it('finds no problem with quotes that are on their page', () => {
    expect(checkContract(contract({ clauses: [termination], risks: [liability, missing] }), quotes)).toEqual([]);
  });

  it('names the page that a quote really begins on', () => {
    expect(checkContract(contract({ clauses: [{ ...termination, page: 2 }] }), quotes)).toEqual([
      'clauses[0] (termination): the quote “Either party may terminate at any time.” begins on page 1, not on page 2.',
    ]);
  });

  it('asks for the exact words if a quote is invented', () => {
    const [problem] = checkContract(contract({ clauses: [{ ...termination, quote: 'It never ends.' }] }), quotes);
    expect(problem).toContain('“It never ends.” does not occur on page 1 or elsewhere: copy it letter by letter');
  });

  it('states the number of pages if the page does not exist', () => {
    const [problem] = checkContract(contract({ clauses: [{ ...termination, quote: 'Gone.', page: 7 }] }), quotes);
    expect(problem).toContain('the document has 2 pages');
  });

  it('asks for the quote of a risk, but not of a missing clause', () => {
    const risks = [
      { ...liability, quote: null },
      { ...missing, quote: 'Nothing.', page: 1 },
    ];
    expect(checkContract(contract({ risks }), quotes)).toEqual([
      'risks[0] (unlimited-liability): quote the words that make the risk, with their page.',
      'risks[1] (missing-clause): what is missing has no quote: set quote and page to null.',
    ]);
  });

  it('asks for a title and for names', () => {
    expect(checkContract(contract({ title: ' ', parties: ['Acme Ltd', ''] }), quotes)).toHaveLength(2);
  });
});

describe('an analysis that is still wrong after the repair', () => {
  it('keeps an invented quote, flagged, with a warning', () => {
    const wrong = contract({ clauses: [termination, { ...termination, quote: 'It never ends.' }] });
    const { output, warnings } = salvageContract(wrong, quotes);
    expect(output.clauses).toEqual([termination, { ...termination, quote: 'It never ends.', verified: false }]);
    expect(warnings).toEqual(['1 quote could not be found in the document.']);
  });

  it('gets the right page, without a flag', () => {
    const { output, warnings } = salvageContract(contract({ risks: [{ ...liability, page: 1 }] }), quotes);
    expect(output.risks).toEqual([liability]);
    expect(warnings).toEqual([]);
  });

  it('flags a risk without a quote, and removes the quote of a missing clause', () => {
    const risks = [
      { ...liability, quote: null },
      { ...missing, quote: 'Nothing.', page: 1 },
    ];
    expect(salvageContract(contract({ risks }), quotes).output.risks).toEqual([
      { ...liability, quote: null, verified: false },
      missing,
    ]);
  });
});
