import type { AlertStore } from '../alerts/ports.ts';
import type { Alert } from '../alerts/alert.ts';
import { lastClosed, type Session } from '../calendar/xnys.ts';
import { summed, type CountStore } from './counts.ts';
import type { Digest } from './digest.ts';
import type { Finding } from './finding.ts';
import { makeDigest } from './make-digest.ts';
import { dueHours, GRACE_MS, hourId, hourOf, HOUR_MS, hoursIn, periodOfSession, type Period } from './period.ts';
import type { Closed, DigestRecord, DigestStore, FindingStore } from './store.ts';

export interface DigestPortfolio {
  readonly id: string;
  readonly name: string;
  /** Time zone of its readers. */
  readonly zone: string;
}

export interface DigestPorts {
  readonly digests: DigestStore;
  readonly findings: FindingStore;
  readonly alerts: Pick<AlertStore, 'ofPortfolio'>;
  readonly counts: Pick<CountStore, 'of'>;
  /** Sources that are silent now. */
  silentSources(): Promise<readonly string[]>;
  /** Mails a digest, once for each recipient. */
  publish(digest: Digest): Promise<void>;
}

/**
 * Makes the digests of a portfolio that are due: of each hour ten minutes after it, and of the session ten minutes after its
 * close. However often it is called and wherever it crashes, each is made once, and published until that has succeeded.
 * Returns those that it published.
 */
export async function closeHours(ports: DigestPorts, portfolio: DigestPortfolio, now: number): Promise<Digest[]> {
  const made: Digest[] = [];
  const closed = await ports.digests.closed(portfolio.id);
  for (const period of hoursToMake(closed, now)) {
    await note(ports, portfolio.id, ({ live }) => {
      const isClosed = live !== undefined && live.hour >= period.id;
      return isClosed ? null : { live: { ...live, from: live?.from ?? period.id, hour: period.id } };
    });
    made.push(await makeOnce(ports, portfolio, period, 1, now));
    await note(ports, portfolio.id, () => ({ published: period.id }));
  }
  const session = lastClosed(now - GRACE_MS);
  const { id } = periodOfSession(session);
  if (isRecent(session, now) && (closed?.publishedSession ?? '') < id) {
    made.push(await makeOnce(ports, portfolio, periodOfSession(session), 1, now));
    await note(ports, portfolio.id, () => ({ publishedSession: id }));
  }
  return made;
}

/**
 * The same for a day that is played: the digest of the last hour, and of a session that has closed, by the time of the events.
 * Hours of the clock are another matter, however far they are.
 */
export async function closePlayed(ports: DigestPorts, portfolio: DigestPortfolio, now: number): Promise<Digest[]> {
  const [hour] = dueHours(null, now);
  const session = lastClosed(now - GRACE_MS);
  const periods = [...(hour ? [hour] : []), ...(isRecent(session, now) ? [periodOfSession(session)] : [])];
  const made: Digest[] = [];
  for (const period of periods) {
    if ((await ports.digests.get(portfolio.id, period.id, 1)) !== null) continue;
    if (period.kind === 'hour') {
      await note(ports, portfolio.id, ({ played }) => {
        // An earlier hour begins another day.
        const goesOn = played !== undefined && played.hour < period.id;
        return { played: { ...played, from: goesOn ? played.from : period.id, hour: period.id } };
      });
    }
    made.push(await makeOnce(ports, portfolio, period, 1, now));
  }
  return made;
}

/** A session whose digest is that late is of no use. */
const RECENT_MS = 6 * HOUR_MS;
const isRecent = ({ closesAt }: Session, now: number): boolean => closesAt > now - GRACE_MS - RECENT_MS;

/** The hours that are due, and the one that a crash left between its closing and its publication. */
function hoursToMake(closed: Closed | null, now: number): Period[] {
  const last = closed?.live?.hour ?? null;
  const due = dueHours(last, now);
  const isLeft = last !== null && last !== closed?.published;
  return isLeft ? [hourOf(Date.parse(`${last}:00:00Z`)), ...due] : due;
}

/** Notes how far the digests have come. From its closing on, findings of an hour are late. */
async function note(
  { digests }: DigestPorts,
  portfolio: string,
  change: (closed: Closed) => Partial<Closed> | null,
): Promise<void> {
  const before = await digests.closed(portfolio);
  const known = before ?? { version: 0 };
  const changed = change(known);
  if (changed === null) return;
  const written = await digests.close(portfolio, { ...known, ...changed, version: known.version + 1 });
  if (written === 'refused') throw new Error(`The digests of ${portfolio} are made twice at once. One goes on.`);
}

/** Makes a digest, or takes the one that was made, and publishes it. */
async function makeOnce(
  ports: DigestPorts,
  portfolio: DigestPortfolio,
  period: Period,
  revision: number,
  now: number,
): Promise<Digest> {
  const record = await recordOf(ports, portfolio, period, revision, now);
  const written = await ports.digests.put(record);
  const kept = written === 'written' ? record : await ports.digests.get(portfolio.id, period.id, revision);
  const digest = (kept ?? record).digest;
  await ports.publish(digest);
  return digest;
}

async function recordOf(
  ports: DigestPorts,
  portfolio: DigestPortfolio,
  period: Period,
  revision: number,
  now: number,
): Promise<DigestRecord> {
  const hours = hoursIn(period);
  const read = await Promise.all(hours.map(({ id }) => ports.findings.of(portfolio.id, id)));
  const findings = read.flat().filter((finding) => isWithin(finding, period));
  const late = period.kind === 'hour' && revision === 1 ? await newlyLate(ports, portfolio.id, period) : [];
  const counts = await Promise.all(hours.map(({ id }) => ports.counts.of(id)));
  const alerts: Alert[] = [];
  for await (const alert of ports.alerts.ofPortfolio(portfolio.id)) alerts.push(alert);
  const digest = makeDigest({
    portfolio: { id: portfolio.id, name: portfolio.name, zone: portfolio.zone },
    period,
    revision,
    findings,
    late,
    alerts,
    counts: summed(counts),
    silentSources: await ports.silentSources(),
  });
  const included = [...findings, ...late].map(({ id }) => id);
  return { portfolio: portfolio.id, period: period.id, revision, madeAt: now, included, digest };
}

/** A session begins and ends within hours. */
function isWithin(finding: Finding, { kind, from, to }: Period): boolean {
  if (kind === 'hour') return true;
  const times = finding.kind === 'match' ? [finding.event.time] : finding.events.map(({ time }) => time);
  const newest = Math.max(...times.map((time) => Date.parse(time)));
  return newest >= from && newest < to;
}

/** Late findings that neither the digest of their own hour nor the last digest has. */
async function newlyLate(ports: DigestPorts, portfolio: string, period: Period): Promise<Finding[]> {
  const late = await ports.findings.lateFor(portfolio, period.id);
  if (late.length === 0) return [];
  const earlier = new Set([...late.map(({ hour }) => hour), hourId(period.from - HOUR_MS)]);
  const records = await Promise.all([...earlier].map((hour) => ports.digests.get(portfolio, hour, 1)));
  const known = new Set(records.flatMap((record) => record?.included ?? []));
  return late.filter(({ id }) => !known.has(id));
}

/** Makes the next revision of a digest, with what came late in its place. */
export async function reopen(
  ports: DigestPorts,
  portfolio: DigestPortfolio,
  period: Period,
  now: number,
): Promise<Digest> {
  for (let revision = 1; ; revision++) {
    if ((await ports.digests.get(portfolio.id, period.id, revision)) === null) {
      return makeOnce(ports, portfolio, period, revision, now);
    }
  }
}
