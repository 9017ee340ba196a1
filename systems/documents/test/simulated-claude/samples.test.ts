import { expect, it } from 'vitest';
import { indexQuotes } from '../../agents/quotes.ts';
import { checkContract } from '../../agents/verify-contract.ts';
import { readPdf } from '../../pdf/read-pdf.ts';
import { generateSamples } from '../../samples/samples.ts';
import { analyse } from './support.ts';

it('analyses contracts of many layouts nearly as well as a careful reader', async () => {
  const shares = new Map<string, boolean[]>();
  const note = (what: string, isRight: boolean) => shares.set(what, [...(shares.get(what) ?? []), isRight]);
  for await (const { bytes, truth } of generateSamples({ count: 40, broken: 0, seed: 31 })) {
    if (truth === null) throw new Error('a sample has no truth, but none should be broken');
    const { pages } = await readPdf(bytes);
    const contract = analyse(pages);
    expect(checkContract(contract, indexQuotes(pages))).toEqual([]);
    note('parties', contract.parties.toSorted().join() === truth.parties.toSorted().join());
    note('effectiveDate', contract.effectiveDate === truth.effectiveDate);
    note('governingLaw', contract.governingLaw === truth.governingLaw);
    for (const kind of truth.clauseKinds)
      note(
        'clauses',
        contract.clauses.some((clause) => clause.kind === kind),
      );
    for (const kind of truth.riskKinds)
      note(
        'risks',
        contract.risks.some((risk) => risk.kind === kind),
      );
  }
  const rates = [...shares].map(([what, notes]) => [what, notes.filter(Boolean).length / notes.length] as const);
  expect(rates.filter(([what, rate]) => rate < (what === 'risks' ? 0.75 : 0.88))).toEqual([]);
});
