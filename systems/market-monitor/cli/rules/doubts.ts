import { count } from '#cli/terminal/format.ts';
import type { SubjectStore } from '#core/ports/subject-store.ts';
import { stateSchema } from '../../instruments/state.ts';
import { subjectOf, type PortfolioFile } from '../../portfolios/portfolio.ts';

const REMEDY = 'Check the number at https://www.sec.gov/search-filings. Until events about it come, it has no alerts.';
/** More are counted. */
const MAX_LISTED = 10;

/**
 * What is doubtful about the instruments of a portfolio: no event about one has come, or bars give it another ticker. A number
 * that was mistyped would otherwise be an instrument that is never alerted about.
 */
export async function doubtsOf(
  subjects: Pick<SubjectStore, 'getMany'>,
  { holdings, watch }: Pick<PortfolioFile, 'holdings' | 'watch'>,
): Promise<string[]> {
  const instruments = [...holdings, ...watch];
  const known = await subjects.getMany(instruments.map(({ cik }) => subjectOf(cik)));
  const doubts = instruments.flatMap(({ ticker, cik }) => {
    const item = known.get(subjectOf(cik));
    if (item === undefined) return [`No event about ${ticker} (cik ${cik}) has come yet. ${REMEDY}`];
    const heard = stateSchema.safeParse(item.state ?? {}).data?.ticker;
    return heard === undefined || heard === ticker
      ? []
      : [`Bars call cik ${cik} another ticker than ${ticker}. Check both: the number counts.`];
  });
  if (instruments.length > 0 && known.size === 0)
    return [`No event about any of its ${count(instruments.length, 'instrument')} has come yet. ${REMEDY}`];
  const more = doubts.length - MAX_LISTED;
  return more > 0 ? [...doubts.slice(0, MAX_LISTED), `and ${more} more like these.`] : doubts;
}
