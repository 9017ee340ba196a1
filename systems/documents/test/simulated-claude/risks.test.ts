import { describe, expect, it } from 'vitest';
import { risksOf } from '../../simulated-claude/risks.ts';
import { sentencesOf } from '../../simulated-claude/text.ts';

/** The kinds of risk that a text shows, without missing clauses. */
const shown = (text: string): string[] =>
  risksOf(sentencesOf([text]), [])
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'missing-clause');

describe('risks', () => {
  it.each([
    ['unlimited-liability', 'Supplier accepts unlimited liability for any loss of the Buyer under this contract.'],
    ['unlimited-liability', 'The Contractor shall be liable without limitation for all damages of the Client.'],
    ['automatic-renewal', 'This Agreement will automatically renew for further periods of one year each.'],
    ['automatic-renewal', 'It is extended by twelve months unless a party objects in writing two months before.'],
    ['one-sided-termination', 'The Company may terminate this Agreement at any time for any reason by notice.'],
    ['one-sided-termination', 'Licensor reserves the right to terminate the licence in its sole discretion.'],
    ['broad-indemnity', 'Vendor shall indemnify Customer from any and all claims arising out of the services.'],
  ])('of kind %s are found', (kind, text) => {
    expect(shown(text)).toEqual([kind]);
  });

  it.each([
    'In no event shall either party be liable for more than the fees paid, without limitation as to the number of claims.',
    'Supplier shall be liable for losses, including without limitation the cost of repair, up to EUR 5,000.',
    'This Agreement shall not automatically renew and ends on 1 May 2027 without notice being necessary.',
    'Either party may terminate this Agreement at any time for convenience by thirty days written notice.',
    'Each party shall indemnify the other from any and all claims that its own negligence has caused.',
  ])('are not found if there are none: %s', (text) => {
    expect(shown(text)).toEqual([]);
  });

  it('include each missing clause, without a quote', () => {
    const risks = risksOf([], [{ kind: 'termination', quote: 'x', page: 1 }]);
    expect(risks).toEqual([
      { kind: 'missing-clause', severity: 'medium', quote: null, page: null },
      { kind: 'missing-clause', severity: 'medium', quote: null, page: null },
    ]);
  });
});
