import type { PortfolioFile } from './portfolio.ts';

/** Most changes that are listed. A version has them all in its portfolio. */
const MAX_CHANGES = 200;

/** What the first version of a portfolio changes. */
export const CREATED = 'created';

/** What a new version of a portfolio changes, a line each. Empty: nothing. */
export function changesOf(before: PortfolioFile | null, after: PortfolioFile): string[] {
  if (before === null) return [CREATED];
  const lines = [
    ...changedFields(before, after),
    ...changedItems('holdings', before.holdings, after.holdings, instrumentOf),
    ...changedItems('watch', before.watch, after.watch, instrumentOf),
    ...changedItems('recipients', before.recipients, after.recipients, ({ name }) => name),
    ...changedItems('rules', before.rules, after.rules, ({ id }) => id),
  ];
  const more = lines.length - MAX_CHANGES;
  return more > 0 ? [...lines.slice(0, MAX_CHANGES), `and ${more} more`] : lines;
}

/** A list has a company once, but a ticker may stand for two of them. */
const instrumentOf = ({ ticker, cik }: PortfolioFile['watch'][number]): string => `${ticker}/${cik}`;

const FIELDS = ['name', 'currency', 'asOf', 'limits', 'quietHours', 'repeatAfterHours', 'disabledRules'] as const;

const changedFields = (before: PortfolioFile, after: PortfolioFile): string[] =>
  FIELDS.filter((field) => text(before[field]) !== text(after[field])).map(
    (field) => `${field}: ${text(before[field])} → ${text(after[field])}`,
  );

/** @param nameOf what no two items of the list share */
function changedItems<Item>(
  list: string,
  before: readonly Item[],
  after: readonly Item[],
  nameOf: (item: Item) => string,
): string[] {
  const old = new Map(before.map((item) => [nameOf(item), text(item)]));
  const added = after.flatMap((item) => {
    const known = old.get(nameOf(item));
    old.delete(nameOf(item));
    if (known === undefined) return [`${list}.${nameOf(item)}: added ${text(item)}`];
    return known === text(item) ? [] : [`${list}.${nameOf(item)}: ${known} → ${text(item)}`];
  });
  return [...added, ...[...old.keys()].map((name) => `${list}.${name}: removed`)];
}

const text = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
