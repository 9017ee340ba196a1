import { changesOf } from './changes.ts';
import { MAX_PORTFOLIOS, type PortfolioFile } from './portfolio.ts';
import type { PortfolioRecord } from './record.ts';
import type { PortfolioStore } from './store.ts';

export interface Saving {
  /** Valid, with rules that compile. */
  readonly portfolio: PortfolioFile;
  /** The version that the author has seen, 0 for none. @default the newest one */
  readonly seen?: number;
  readonly by: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** Only says what would change. */
  readonly dryRun: boolean;
}

export type Saved =
  /** `version` is the new one if it was saved, else the one that stays. */
  | {
      readonly kind: 'saved' | 'unchanged' | 'checked';
      readonly before: number;
      readonly version: number;
      readonly changes: readonly string[];
    }
  /** Somebody else has saved a version since `seen`. `version` is the newest that is known. */
  | { readonly kind: 'overtaken'; readonly seen: number; readonly version: number }
  /** There are `MAX_PORTFOLIOS` already. */
  | { readonly kind: 'full' };

/**
 * Saves the next version of a portfolio, if it changes something and nobody else has saved one since. What is saved already
 * is unchanged, whatever version the author has seen: a request whose answer was lost is sent again.
 */
export async function savePortfolio(
  store: PortfolioStore,
  { portfolio, at, by, dryRun, ...author }: Saving,
): Promise<Saved> {
  const newest = await store.read(portfolio.id);
  const before = newest?.version ?? 0;
  const seen = author.seen ?? before;
  const changes = changesOf(newest?.portfolio ?? null, portfolio);
  if (seen !== before && changes.length > 0) return { kind: 'overtaken', seen, version: before };
  if (newest === null && (await store.list()).length >= MAX_PORTFOLIOS) return { kind: 'full' };
  if (dryRun) return { kind: 'checked', before, version: before, changes };
  if (changes.length === 0) return { kind: 'unchanged', before, version: before, changes };
  const saved = await store.save({ portfolio, seen, by, at, changes });
  return saved === null
    ? afterRival(await store.read(portfolio.id), portfolio, seen)
    : { kind: 'saved', before, version: saved.version, changes };
}

/** What came of a save that another one was faster than. That may be the same request, whose answer was lost. */
function afterRival(newest: PortfolioRecord | null, portfolio: PortfolioFile, seen: number): Saved {
  const version = newest?.version ?? 0;
  const isSame = newest !== null && changesOf(newest.portfolio, portfolio).length === 0;
  return isSame ? { kind: 'unchanged', before: version, version, changes: [] } : { kind: 'overtaken', seen, version };
}
