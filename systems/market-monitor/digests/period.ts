import { sessionOn, type Session } from '../calendar/xnys.ts';

export const HOUR_MS = 3_600_000;
/** Minutes after the end of a period in which late events still belong to it. */
export const GRACE_MS = 10 * 60_000;

/** What a digest is about: an hour, or a session of the exchange. */
export interface Period {
  readonly kind: 'hour' | 'session';
  /** `2026-11-27T14` for the hour from 14:00 UTC, `2026-11-27-close` for a session. */
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** The hour of an instant. */
export function hourOf(instant: number): Period {
  const from = Math.floor(instant / HOUR_MS) * HOUR_MS;
  return { kind: 'hour', id: hourId(from), from, to: from + HOUR_MS };
}

export const hourId = (instant: number): string => new Date(instant).toISOString().slice(0, 13);

export const periodOfSession = ({ date, opensAt, closesAt }: Session): Period => ({
  kind: 'session',
  id: `${date}-close`,
  from: opensAt,
  to: closesAt,
});

/** The period of an id. Throws if there is none. */
export function periodNamed(id: string): Period {
  const date = /^(.+)-close$/.exec(id)?.[1];
  if (date === undefined) return hourOf(Date.parse(`${id}:00:00Z`));
  const session = sessionOn(date);
  if (session === null) throw new Error(`The New York Stock Exchange has no session on ${date}.`);
  return periodOfSession(session);
}

/** The hours that a period touches. */
export function hoursIn({ from, to }: Period): Period[] {
  const hours: Period[] = [];
  for (let at = hourOf(from).from; at < to; at += HOUR_MS) hours.push(hourOf(at));
  return hours;
}

/** Hours that are made up for after an outage, at most. */
export const MAX_BEHIND = 48;

/**
 * The hours whose digests are due, the oldest first.
 * @param last the last hour that was closed. Null: none, so that only the last one is due
 */
export function dueHours(last: string | null, now: number): Period[] {
  const newest = hourOf(now - GRACE_MS - HOUR_MS);
  if (last === null) return [newest];
  const after = hourOf(Date.parse(`${last}:00:00Z`)).to;
  const first = Math.max(after, newest.from - (MAX_BEHIND - 1) * HOUR_MS);
  return hoursIn({ ...newest, from: first, to: newest.to });
}
