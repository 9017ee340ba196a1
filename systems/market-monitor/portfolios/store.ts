import type { PortfolioFile } from './portfolio.ts';
import type { PortfolioRecord } from './record.ts';

export interface Save {
  readonly portfolio: PortfolioFile;
  /** The version that the author has seen. 0: none. */
  readonly seen: number;
  readonly by: string;
  readonly at: number;
  readonly changes: readonly string[];
}

/** The portfolios of the system, with all their versions. */
export interface PortfolioStore {
  /** The newest version, or null if there is none. */
  read(id: string): Promise<PortfolioRecord | null>;
  /** The newest version of each portfolio. One that this release cannot read is left out. */
  list(): Promise<PortfolioRecord[]>;
  /** Versions, newest first, at most `limit`. */
  history(id: string, limit: number): Promise<PortfolioRecord[]>;
  /** Saves the next version. Null: somebody else has saved one since, and nothing was written. */
  save(save: Save): Promise<PortfolioRecord | null>;
}
