import { NOT_ADVICE } from '../alerts/formats/words.ts';
import { statedUsd, type Alert } from '../alerts/alert.ts';
import { loudness } from '../alerts/loudness.ts';
import { eventRef } from '../events/event-ref.ts';
import { bounded, MAX_LIST_BYTES } from './bounded.ts';
import type { Unanswered } from './asked.ts';
import type { Counts } from './counts.ts';
import { DIGEST_VERSION, REVISION, type Digest, type DigestItem, type DigestRow } from './digest.ts';
import type { AnalysisFinding, Finding, MatchFinding } from './finding.ts';
import { heldOf } from './held.ts';
import { headlineOf } from './headline.ts';
import { type Period } from './period.ts';

/** All that a digest is made of. The same input makes the same bytes. */
export interface DigestInput {
  readonly portfolio: { readonly id: string; readonly name: string; readonly zone: string };
  readonly period: Period;
  /** Findings of the period, in any order. */
  readonly findings: readonly Finding[];
  /** Findings of earlier hours that came after the digest of their hour. */
  readonly late: readonly Finding[];
  readonly alerts: readonly Alert[];
  /** Null: nobody counted. */
  readonly counts: Counts | null;
  /** Tasks without an outcome. */
  readonly unanswered: Unanswered;
  readonly silentSources: readonly string[];
}

/** Matches, analyses and events of one entry. The rest is counted, or stands in the alert. */
const MAX_ITEMS = 6;
const MAX_ANALYSES = 3;
const MAX_EVENTS = 5;

/** @param maxBytes of the lists as JSON: entries with the least at stake are left out */
export function makeDigest(input: DigestInput, maxBytes: number = MAX_LIST_BYTES): Digest {
  const { portfolio, period } = input;
  const findings = sorted(input.findings);
  const late = sorted(input.late).filter(isMatch);
  const { kept, leftOut } = bounded(
    {
      happened: rowsOf(findings),
      late: late.map(lateItem).toSorted(byMoney),
      done: doneIn(input).toSorted(byMoney),
      open: openOf(input.alerts).toSorted(byMoney),
      held: heldOf(input).toSorted(byMoney),
    },
    maxBytes,
  );
  const digest: Omit<Digest, 'headline'> = {
    schemaVersion: DIGEST_VERSION,
    id: `${portfolio.id}/${period.id}`,
    revision: REVISION,
    portfolio: { ...portfolio },
    period: { kind: period.kind, id: period.id, from: iso(period.from), to: iso(period.to) },
    ...kept,
    covers: coversOf(input, findings, late.length, leftOut),
    whole: null,
    note: NOT_ADVICE,
  };
  return { ...digest, headline: headlineOf(digest) };
}

const isMatch = (finding: Finding): finding is MatchFinding => finding.kind === 'match';
const isAnalysis = (finding: Finding): finding is AnalysisFinding => finding.kind === 'analysis';

/** In one order, and each once. */
function sorted(findings: readonly Finding[]): Finding[] {
  const byId = new Map(findings.map((each) => [each.id, each]));
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** By money, then by what makes the order certain. */
function byMoney(
  a: { readonly atStakeUsd: number; readonly ticker: string },
  b: { readonly atStakeUsd: number; readonly ticker: string },
): number {
  if (a.atStakeUsd !== b.atStakeUsd) return b.atStakeUsd - a.atStakeUsd;
  if (a.ticker !== b.ticker) return a.ticker < b.ticker ? -1 : 1;
  return 0;
}

function rowsOf(findings: readonly Finding[]): DigestRow[] {
  const subjects = Map.groupBy(findings, ({ subject }) => subject);
  return [...subjects].map(([subject, own]) => rowOf(subject, own)).toSorted(byMoney);
}

function rowOf(subject: string, own: readonly Finding[]): DigestRow {
  const matches = own.filter(isMatch);
  const items = matches
    .map(itemOf)
    .toSorted((a, b) => loudness(b) - loudness(a) || b.atStakeUsd - a.atStakeUsd || (a.time < b.time ? -1 : 1));
  const analyses = own
    .filter(isAnalysis)
    .flatMap(({ agent, task, summary, events }) =>
      summary === null ? [] : [{ agent, task, summary, events: events.slice(-MAX_EVENTS).map(eventOf) }],
    );
  return {
    subject,
    ticker: own[0]?.ticker ?? subject,
    severity: items[0]?.severity ?? 'info',
    atStakeUsd: Math.max(...own.map(({ atStakeUsd }) => atStakeUsd)),
    matches: matches.length,
    items: items.slice(0, MAX_ITEMS),
    analyses: analyses.slice(0, MAX_ANALYSES),
  };
}

const itemOf = (finding: MatchFinding): DigestItem => ({
  finding: finding.id,
  time: finding.event.time,
  cause: finding.cause,
  severity: finding.severity,
  title: finding.title,
  rule: finding.rule,
  rulesVersion: finding.rulesVersion,
  values: Object.fromEntries(Object.entries(finding.values).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  atStakeUsd: finding.atStakeUsd,
  event: eventOf(finding.event),
  outOfOrder: finding.late,
});

const lateItem = (finding: MatchFinding): Digest['late'][number] => ({
  ...itemOf(finding),
  ticker: finding.ticker,
  subject: finding.subject,
  belongsTo: finding.hour,
  lateBySeconds: Math.max(0, Math.round((finding.at - Date.parse(finding.event.time)) / 1_000)),
});

const eventOf = ({ source, id, time }: { source: string; id: string; time: string }) => ({
  ref: eventRef({ source, id }),
  source,
  id,
  time,
});
const iso = (instant: number): string => new Date(instant).toISOString();

/** Notifications about events of the period. What people did and time brought is of the hour in which it happened. */
function doneIn({ alerts, period }: DigestInput): Digest['done'] {
  return alerts.flatMap((alert) =>
    alert.notifications
      .filter(({ why, at, event }) => {
        const when = why === 'first' || why === 'escalated' || why === 'analysis' ? Date.parse(event.time) : at;
        return when >= period.from && when < period.to;
      })
      .map(({ id, why, at, severity, title, atStakeUsd, event }) => ({
        alert: alert.id,
        notification: id,
        ticker: alert.ticker,
        why,
        at: iso(at),
        severity,
        title,
        atStakeUsd,
        event: eventOf(event),
      })),
  );
}

function openOf(alerts: readonly Alert[]): Digest['open'] {
  return alerts
    .filter(({ state }) => state === 'open')
    .map((alert) => ({
      alert: alert.id,
      ticker: alert.ticker,
      cause: alert.cause,
      severity: alert.severity,
      title: alert.title,
      since: iso(alert.beganAt ?? alert.openedAt),
      matches: alert.matches,
      atStakeUsd: alert.atStakeUsd,
      titleUsd: statedUsd(alert),
      acknowledgedBy: alert.acknowledged?.by ?? null,
      heldBy: alert.held?.why ?? null,
      events: alert.events.slice(-MAX_EVENTS).map(eventOf),
    }));
}

function coversOf(
  { counts, silentSources, unanswered }: DigestInput,
  findings: readonly Finding[],
  late: number,
  leftOut: ReturnType<typeof bounded>['leftOut'],
): Digest['covers'] {
  const matches = findings.filter(isMatch);
  const analyses = findings.filter(isAnalysis);
  return {
    events: counts?.events ?? null,
    rejected: counts?.rejected ?? null,
    outOfOrder: counts?.outOfOrder ?? null,
    matches: matches.length,
    urgent: matches.filter(({ severity }) => severity === 'urgent').length,
    analyses: analyses.filter(({ summary }) => summary !== null).length,
    expired: analyses.filter(({ summary }) => summary === null).length + unanswered.expired,
    waiting: unanswered.waiting,
    late,
    silentSources: silentSources.toSorted((a, b) => (a < b ? -1 : 1)),
    leftOut: leftOut.happened,
    lateLeftOut: leftOut.late,
    doneLeftOut: leftOut.done,
    openLeftOut: leftOut.open,
    heldLeftOut: leftOut.held,
  };
}
