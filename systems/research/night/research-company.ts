import { acceptClaims, type Learned, type Snapshot } from '../claims/accept.ts';
import type { Claim, ReportedClaim } from '../claims/claim.ts';
import type { Company } from '../companies/company.ts';
import type { CompanyMemory, CompanyState } from '../memory/memory.ts';
import type { FetchFailed, NightPorts } from './ports.ts';
import { readingOf } from './reading.ts';

/** What a night found about a company, before all companies are compared. */
export interface Researched {
  readonly company: Company;
  readonly state: CompanyState;
  readonly reason?: string;
  readonly learned: Learned;
  readonly memory: CompanyMemory | null;
  readonly documents: number;
  readonly failures: readonly FetchFailed[];
  readonly warnings: readonly string[];
  readonly usd: number;
}

/** Older events are no news. */
export const MAX_AGE_DAYS = 45;

/** The first two stages for one company. It waits for no other company. */
export async function researchCompany(
  company: Company,
  night: string,
  ports: NightPorts,
  signal: AbortSignal,
): Promise<Researched> {
  const learnOf = (
    reported: readonly ReportedClaim[],
    snapshots: readonly Snapshot[],
    known: readonly Claim[],
  ): Learned =>
    acceptClaims(reported, {
      company: company.name,
      night,
      snapshots,
      known,
      maxAgeDays: MAX_AGE_DAYS,
      digest: (text) => ports.digest(text),
    });
  const memory = await ports.recall(company.id);
  // A night that is repeated must come to the same result.
  const known = (memory?.claims ?? []).filter(({ firstSeen }) => firstSeen < night);
  const nothing = { learned: learnOf([], [], known), memory, company, warnings: [], usd: 0 };
  if (company.website === null && company.cik === null)
    return {
      ...nothing,
      state: 'unknown',
      reason: 'no website and no SEC number is known',
      documents: 0,
      failures: [],
    };
  const { documents, failures } = await ports.collect(company, night, signal);
  const found = { ...nothing, documents: documents.length, failures };
  if (documents.length === 0) {
    const reason = failures[0]?.reason ?? 'nothing was found';
    return { ...found, state: 'not-reached', reason };
  }
  if (!documents.some(({ changed }) => changed)) return { ...found, state: 'unchanged' };
  const { input, snapshots, warnings } = readingOf(company, documents, night);
  if (input === null) return { ...found, state: 'unchanged', warnings };
  const answered = await ports.analyse(input, signal);
  if (answered.state === 'unchecked')
    return { ...found, state: 'unchecked', reason: answered.reason, warnings, usd: answered.usd };
  const learned = learnOf(answered.output, snapshots, known);
  const said = [...warnings, ...answered.warnings, ...refusals(learned)];
  return { ...found, state: 'researched', learned, warnings: said, usd: answered.usd };
}

function refusals({ refused }: Learned): string[] {
  const words = {
    'not-quoted': 'whose quote no document has',
    instruction: 'that speak to a model',
    stale: `about events more than ${MAX_AGE_DAYS} days ago`,
  } as const;
  return Object.entries(refused).flatMap(([reason, count]) =>
    count === 0 ? [] : [`${count} claim${count === 1 ? '' : 's'} refused ${words[reason as keyof typeof words]}.`],
  );
}
