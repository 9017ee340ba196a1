import { lastClosed, type Session } from '../calendar/xnys.ts';
import type { Digest } from './digest.ts';
import { recordOf } from './digest-record.ts';
import { dueHours, GRACE_MS, HOUR_MS, MAX_BEHIND, periodNamed, periodOfSession, type Period } from './period.ts';
import type { DigestPorts, DigestPortfolio } from './ports.ts';
import type { Closed } from './store.ts';

/** What a call made, and what went wrong: one period that fails keeps none of the others from its turn. */
export interface Made {
  readonly made: readonly Digest[];
  readonly failed: readonly unknown[];
}

/**
 * Makes the digests of a portfolio that are due: of each hour ten minutes after it, and of the session ten minutes after its
 * close. However often it is called and wherever it crashes, each is made once, and published until that has succeeded.
 */
export async function closeHours(ports: DigestPorts, portfolio: DigestPortfolio, now: number): Promise<Made> {
  const closed = await ports.digests.closed(portfolio.id);
  const due = dueHours(closed?.live?.hour ?? null, now);
  const session = lastClosed(now - GRACE_MS);
  const ofSession = periodOfSession(session);
  const isDue = isRecent(session, now) && (closed?.session ?? '') < ofSession.id;
  return makeAll(ports, portfolio, [...waiting(closed), ...due, ...(isDue ? [ofSession] : [])], closeLive, now);
}

const closeLive: Close = ({ live, session = '' }, { kind, id }) => {
  if (kind === 'session') return session < id ? { session: id } : {};
  return live !== undefined && live.hour >= id ? {} : { live: { ...live, from: live?.from ?? id, hour: id } };
};

/**
 * The same for a day that is played: the digest of the last hour, and of a session that has closed, by the time of the events.
 * Hours of the clock are another matter, however far they are.
 */
export async function closePlayed(ports: DigestPorts, portfolio: DigestPortfolio, now: number): Promise<Made> {
  const [hour] = dueHours(null, now);
  const session = lastClosed(now - GRACE_MS);
  const ended = [...(hour ? [hour] : []), ...(isRecent(session, now) ? [periodOfSession(session)] : [])];
  const there = await Promise.all(ended.map(({ id }) => ports.digests.get(portfolio.id, id)));
  const due = ended.filter((_, index) => there[index] === null);
  const closed = await ports.digests.closed(portfolio.id);
  return makeAll(ports, portfolio, [...waiting(closed), ...due], closePlayedHour, now);
}

const closePlayedHour: Close = ({ played }, { kind, id }) => {
  if (kind === 'session') return {};
  // An earlier hour begins another day.
  const goesOn = played !== undefined && played.hour < id;
  return { played: { ...played, from: goesOn ? played.from : id, hour: id } };
};

/** A session whose digest is that late is of no use. */
const RECENT_MS = 6 * HOUR_MS;
const isRecent = ({ closesAt }: Session, now: number): boolean => closesAt > now - GRACE_MS - RECENT_MS;

/** Periods whose digest has not reached its readers, since it failed or a crash came between. */
const waiting = (closed: Closed | null): Period[] => (closed?.waiting ?? []).map(periodNamed);

/** What changes when a period closes, beside that its digest waits to be made. */
type Close = (closed: Closed, period: Period) => Partial<Closed>;

async function makeAll(
  ports: DigestPorts,
  portfolio: DigestPortfolio,
  periods: readonly Period[],
  close: Close,
  now: number,
): Promise<Made> {
  const made: Digest[] = [];
  const failed: unknown[] = [];
  for (const period of periods) {
    try {
      await note(ports, portfolio.id, (closed) => {
        const { waiting: before = [] } = closed;
        if (before.includes(period.id)) return null;
        return { ...close(closed, period), waiting: [...before, period.id].slice(-MAX_BEHIND) };
      });
      made.push(await makeOnce(ports, portfolio, period, now));
      await note(ports, portfolio.id, ({ waiting: before = [] }) => ({
        waiting: before.filter((id) => id !== period.id),
      }));
    } catch (error) {
      failed.push(error);
    }
  }
  return { made, failed };
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
async function makeOnce(ports: DigestPorts, portfolio: DigestPortfolio, period: Period, now: number): Promise<Digest> {
  const stored = () => ports.digests.get(portfolio.id, period.id);
  let record = await stored();
  if (record === null) {
    record = await recordOf(ports, portfolio, period, now);
    if ((await ports.digests.put(record)) === 'refused') record = (await stored()) ?? record;
  }
  await ports.publish(record.digest);
  return record.digest;
}
