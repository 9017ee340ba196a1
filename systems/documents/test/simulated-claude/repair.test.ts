import { describe, expect, it } from 'vitest';
import { indexQuotes } from '../../agents/quotes.ts';
import { checkContract } from '../../agents/verify-contract.ts';
import { analyse, MASTER_AGREEMENT } from './support.ts';

const index = indexQuotes(MASTER_AGREEMENT);

describe('the repair of an answer', () => {
  it('corrects the quote that the fault wrong-quote corrupted', () => {
    const corrupted = analyse(MASTER_AGREEMENT, 'wrong-quote');
    const problems = checkContract(corrupted, index);
    expect(problems).toHaveLength(1);
    const followUp = { text: problems.join('\n') };
    const repaired = analyse(MASTER_AGREEMENT, 'wrong-quote', followUp);
    expect(repaired).toEqual(analyse(MASTER_AGREEMENT));
    expect(checkContract(repaired, index)).toEqual([]);
  });

  it('leaves out a rejected quote even if it was right', () => {
    const answer = analyse(MASTER_AGREEMENT);
    const rejected = answer.clauses[3];
    const followUp = { text: `clauses[3]: “${rejected?.quote}” does not occur.` };
    const repaired = analyse(MASTER_AGREEMENT, null, followUp);
    expect(repaired.clauses).toEqual(answer.clauses.filter((clause) => clause !== rejected));
  });
});
