import type { Finding } from './finding.ts';
import { hourId, hourOf, HOUR_MS } from './period.ts';
import { closedThrough, type DigestStore, type FindingStore } from './store.ts';

export interface RecordPorts {
  readonly findings: FindingStore;
  readonly digests: Pick<DigestStore, 'closed'>;
}

/**
 * Writes findings once, each in the hour of its event. If that hour was closed meanwhile, the finding also stands in the next
 * digest, as late. The order matters: the digest closes its hour before it reads it, so a finding is read by the digest of its
 * hour, or this function sees that the hour is closed, or both. The next digest leaves out what the one before has.
 */
export async function recordFindings({ findings, digests }: RecordPorts, all: readonly Finding[]): Promise<void> {
  await Promise.all(all.map((finding) => findings.put(finding)));
  const portfolios = Map.groupBy(all, ({ portfolio }) => portfolio);
  await Promise.all(
    [...portfolios].map(async ([portfolio, own]) => {
      const closed = await digests.closed(portfolio);
      if (closed === null) return;
      await Promise.all(
        own.map(async (finding) => {
          const last = closedThrough(closed, finding.hour);
          if (last !== null) await findings.putLate(finding, nextHour(last));
        }),
      );
    }),
  );
}

export const nextHour = (hour: string): string => hourId(hourOf(Date.parse(`${hour}:00:00Z`)).from + HOUR_MS);
