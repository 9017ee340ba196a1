import type { Contract } from '../../agents/contract.ts';

/** An analysis without findings, overridden by `part`. */
export const contract = (part: Partial<Contract> = {}): Contract => ({
  title: 'Mutual Non-Disclosure Agreement',
  parties: ['Acme Ltd', 'Globex GmbH'],
  effectiveDate: '2026-03-01',
  term: 'two years',
  governingLaw: 'Delaware',
  clauses: [],
  risks: [],
  confidence: 0.9,
  ...part,
});
