import { createHash } from 'node:crypto';
import type { Alert } from '../alerts/alert.ts';
import { unansweredIn, type Unanswered } from './asked.ts';
import { summed } from './counts.ts';
import type { Digest } from './digest.ts';
import type { Finding } from './finding.ts';
import { makeDigest, type DigestInput } from './make-digest.ts';
import type { DigestPortfolio, DigestPorts } from './ports.ts';
import { hourId, HOUR_MS, hoursIn, type Period } from './period.ts';
import type { DigestRecord } from './store.ts';

/** Findings whose names a record keeps. Of more, one that comes again much later may be listed as late. */
const MAX_INCLUDED = 10_000;
const NAME_CHARACTERS = 8;

/** A finding's name in a record: 48 bits, so that the names of a busy hour fit an item. */
const shortName = (id: string): string => createHash('sha256').update(id).digest('base64url').slice(0, NAME_CHARACTERS);

/** An open alert had a match within a day, or the clock has not looked at it for another one. */
const OPEN_MS = 48 * HOUR_MS;

/** Reads what a digest is made of, and makes it. */
export async function recordOf(
  ports: DigestPorts,
  portfolio: DigestPortfolio,
  period: Period,
  now: number,
): Promise<DigestRecord> {
  const clockAt = ports.clock.now();
  const hours = hoursIn(period);
  const read = await Promise.all(hours.map(({ id }) => ports.findings.of(portfolio.id, id)));
  const findings = read.flat().filter((finding) => isWithin(finding, period));
  const late = period.kind === 'hour' ? await newlyLate(ports, portfolio.id, period) : [];
  const counts = await Promise.all(hours.map(({ id }) => ports.counts.of(id)));
  const alerts: Alert[] = [];
  const since = Math.min(period.from, clockAt) - OPEN_MS;
  for await (const alert of ports.alerts.ofPortfolio(portfolio.id, since)) alerts.push(alert);
  const input: DigestInput = {
    portfolio: { id: portfolio.id, name: portfolio.name, zone: portfolio.zone },
    period,
    findings,
    late,
    alerts,
    counts: summed(counts),
    unanswered: await unanswered(ports, portfolio.id, period, clockAt),
    silentSources: await ports.silentSources(),
  };
  const digest = await kept(ports, input);
  // Only the digest of an hour is asked for what it has.
  const included = period.kind === 'hour' ? [...findings, ...late].map(({ id }) => shortName(id)) : [];
  return {
    portfolio: portfolio.id,
    period: period.id,
    revision: digest.revision,
    madeAt: now,
    clockAt,
    included: included.slice(0, MAX_INCLUDED),
    digest,
  };
}

async function unanswered(ports: DigestPorts, portfolio: string, period: Period, now: number): Promise<Unanswered> {
  const isHour = period.kind === 'hour';
  const before = isHour ? await ports.digests.get(portfolio, hourId(period.from - HOUR_MS)) : null;
  return unansweredIn(ports.asked, portfolio, period, now, before?.clockAt ?? null);
}

/** The digest as it fits an item. Where something is left out, the bucket has the whole. */
async function kept(ports: Pick<DigestPorts, 'keepWhole'>, input: DigestInput): Promise<Digest> {
  const digest = makeDigest(input);
  const { leftOut, lateLeftOut, doneLeftOut, openLeftOut, heldLeftOut } = digest.covers;
  if (leftOut + lateLeftOut + doneLeftOut + openLeftOut + heldLeftOut === 0) return digest;
  const whole = `digests/${digest.id}/${digest.revision}.json`;
  await ports.keepWhole(whole, makeDigest(input, Infinity));
  return { ...digest, whole };
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
  const records = await Promise.all([...earlier].map((hour) => ports.digests.get(portfolio, hour)));
  const known = new Set(records.flatMap((record) => record?.included ?? []));
  return late.filter(({ id }) => !known.has(shortName(id)));
}
