import { acceptClaims, type Learned, type Snapshot } from '../claims/accept.ts';
import type { ReportedClaim } from '../claims/claim.ts';
import type { Company } from '../companies/company.ts';
import type { CompanyMemory, CompanyState } from '../memory/memory.ts';
import { isSameSite } from '../sources/choose.ts';
import { isNowhere } from './item.ts';
import type { Answered, CollectedDocument, FetchFailed } from './ports.ts';
import type { Reading } from './reading.ts';

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

/** What is known of a company in a night before an analyst has answered. */
export interface Evidence {
  readonly company: Company;
  readonly night: string;
  readonly memory: CompanyMemory | null;
  readonly documents: readonly CollectedDocument[];
  readonly failures: readonly FetchFailed[];
  readonly digest: (text: string) => string;
}

/** Older events are no news. */
export const MAX_AGE_DAYS = 45;

const UNKNOWN = 'no website, SEC number or ticker is known';

/**
 * What became of a company whose scout has ended. The same evidence and answer give the same outcome.
 * @param answered what the analyst said; null if there was nothing to read
 */
export function outcomeOf(
  evidence: Evidence,
  reading: Reading,
  answered: Answered<readonly ReportedClaim[]> | null,
): Researched {
  const { company, documents, failures } = evidence;
  if (documents.length === 0) {
    if (isNowhere(company)) return lost(evidence, 'unknown', UNKNOWN);
    return lost(evidence, 'not-reached', causeOf(evidence) ?? 'nothing was found');
  }
  const unread = failures.find((failure) => failure.unread === true);
  const same = unread === undefined ? lost(evidence, 'unchanged') : lost(evidence, 'incomplete', whatOf(unread));
  const found = { ...same, warnings: reading.warnings };
  if (reading.input === null) return found;
  if (answered?.state !== 'answered')
    return { ...found, state: 'unchecked', reason: answered?.reason ?? 'nobody read it', usd: answered?.usd ?? 0 };
  const learned = learnedOf(evidence, answered.output, reading.snapshots);
  const warnings = [...reading.warnings, ...answered.warnings, ...refusals(learned)];
  const { reason: _, ...read } = found;
  return { ...read, state: 'researched', learned, warnings, usd: answered.usd };
}

/** Why nothing of a company could be read: its own site decides, then whatever could not be read. */
function causeOf({ company: { website }, failures }: Evidence): string | undefined {
  const own = failures.filter(({ url }) => website !== null && URL.canParse(url) && isSameSite(url, website));
  const [cause] = [own, failures].flatMap((some) => [...some.filter(({ unread }) => unread === true), ...some]);
  return cause?.reason;
}

const whatOf = ({ url, reason }: FetchFailed): string =>
  URL.canParse(url) ? `${new URL(url).hostname}: ${reason}` : reason;

/** A company about which nothing was learned. */
export function lost(evidence: Evidence, state: CompanyState, reason?: string): Researched {
  const { company, memory, documents, failures } = evidence;
  return {
    company,
    state,
    ...(reason !== undefined && { reason }),
    learned: learnedOf(evidence, [], []),
    memory,
    documents: documents.length,
    failures,
    warnings: [],
    usd: 0,
  };
}

const learnedOf = (
  { company, night, memory, digest }: Evidence,
  reported: readonly ReportedClaim[],
  snapshots: readonly Snapshot[],
): Learned =>
  acceptClaims(reported, {
    company: company.name,
    night,
    snapshots,
    // A night that is repeated must come to the same result.
    known: (memory?.claims ?? []).filter(({ firstSeen }) => firstSeen < night),
    unconfirmed: memory?.unconfirmed ?? [],
    maxAgeDays: MAX_AGE_DAYS,
    digest,
  });

function refusals({ refused, unconfirmed }: Learned): string[] {
  const words = {
    'not-quoted': 'whose quote no document has',
    instruction: 'that speak to a model',
    stale: `about events more than ${MAX_AGE_DAYS} days ago`,
  } as const;
  const counted = (count: number, what: string): string[] =>
    count === 0 ? [] : [`${count} claim${count === 1 ? '' : 's'} ${what}.`];
  return [
    ...Object.entries(refused).flatMap(([reason, count]) =>
      counted(count, `refused ${words[reason as keyof typeof words]}`),
    ),
    ...counted(unconfirmed.length, 'left out until somebody else than one news site tells the same'),
  ];
}
