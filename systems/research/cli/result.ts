import type { SimulatedWeb } from '@agent-fleet/simulated-web';
import { dollars } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import type { Brief } from '../brief/schema.ts';
import type { NightDone } from './night.ts';
import { qualityOf, type Quality } from './quality.ts';

/** What `--json` prints. */
export interface ResearchResult {
  readonly nights: readonly NightResult[];
  /** Against the truth of the simulated web; null for companies elsewhere. */
  readonly quality: Quality | null;
  /** US dollars. */
  readonly spent: number;
}

interface NightResult extends Pick<
  Brief['totals'],
  'companies' | 'succeeded' | 'failed' | 'claims' | 'new' | 'changed' | 'citationsThatFail'
> {
  readonly night: string;
  /** By the clock of the night. */
  readonly briefAt: string;
  readonly late: boolean;
  /** The folder with the brief. */
  readonly out: string;
}

/** @param web null for companies elsewhere */
export function resultOf(
  done: readonly (NightDone & { readonly folder: string })[],
  web: SimulatedWeb | null,
): ResearchResult {
  return {
    nights: done.map(({ brief, folder }) => nightOf(brief, folder)),
    quality:
      web === null
        ? null
        : qualityOf(
            done.map(({ brief }) => brief),
            web,
          ),
    spent: done.reduce((sum, { usd }) => sum + usd, 0),
  };
}

function nightOf({ night, briefAt, late, totals }: Brief, out: string): NightResult {
  const { companies, succeeded, failed, claims, new: fresh, changed, citationsThatFail } = totals;
  return { night, companies, succeeded, failed, claims, new: fresh, changed, citationsThatFail, briefAt, late, out };
}

export function sayResult(output: Output, { quality, spent }: ResearchResult): void {
  if (quality !== null) {
    const { precision, recall, duplicates, injected } = quality;
    output.line(
      `Against the truth of the simulated web: precision ${precision}, recall ${recall}, ${duplicates} duplicates, ${injected} injected.`,
    );
  }
  output.line(`Spent ${dollars(spent)}.`);
}
