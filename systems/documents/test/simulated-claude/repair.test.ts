import { describe, expect, it } from 'vitest';
import { indexQuotes } from '../../agents/quotes.ts';
import { checkContract } from '../../agents/verify-contract.ts';
import { analyse, MASTER_AGREEMENT } from './support.ts';

const index = indexQuotes(MASTER_AGREEMENT);

describe('the repair of an answer', () => {
  it('mends the quote that the fault wrong-quote has spoilt', () => {
    const spoilt = analyse(MASTER_AGREEMENT, 'wrong-quote');
    const problems = checkContract(spoilt, index);
    expect(problems).toHaveLength(1);
    const turn = { text: problems.join('\n') };
    const mended = analyse(MASTER_AGREEMENT, 'wrong-quote', turn);
    expect(mended).toEqual(analyse(MASTER_AGREEMENT));
    expect(checkContract(mended, index)).toEqual([]);
  });

  it('leaves out what was refused though it was said in earnest', () => {
    const answer = analyse(MASTER_AGREEMENT);
    const refused = answer.clauses[3];
    const turn = { text: `clauses[3]: “${refused?.quote}” does not occur.` };
    const mended = analyse(MASTER_AGREEMENT, null, turn);
    expect(mended.clauses).toEqual(answer.clauses.filter((clause) => clause !== refused));
  });
});
