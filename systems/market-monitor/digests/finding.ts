import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import type { Match } from '../events/match.ts';
import { hourOf } from './period.ts';

const base = {
  /** Of a match its id, of an analysis `analysis/<task>`. */
  id: z.string(),
  portfolio: z.string(),
  /** Hour of the event, such as `2026-11-27T14`. */
  hour: z.string(),
  subject: z.string(),
  ticker: z.string(),
  atStakeUsd: z.number(),
  /** When it was written. */
  at: z.number(),
};
const eventSchema = stored({ source: z.string(), id: z.string(), type: z.string(), time: z.string() });

/** Something that a rule or an agent found. It is written once. */
export const findingSchema = z.discriminatedUnion('kind', [
  storedRecord({
    ...base,
    kind: z.literal('match'),
    rule: z.string(),
    rulesVersion: z.number(),
    severity: z.enum(['urgent', 'warning', 'info']),
    cause: z.string(),
    title: z.string(),
    values: z.record(z.string(), z.number()),
    event: eventSchema,
    /** Its event came after newer ones of the subject. */
    late: z.boolean(),
  }),
  storedRecord({
    ...base,
    kind: z.literal('analysis'),
    agent: z.string(),
    task: z.string(),
    /** Text of a model. Null: superseded by a newer task, or expired. */
    summary: z.string().nullable(),
    events: z.array(eventSchema),
  }),
]);
export type Finding = z.infer<typeof findingSchema>;
export type MatchFinding = Extract<Finding, { kind: 'match' }>;
export type AnalysisFinding = Extract<Finding, { kind: 'analysis' }>;

/** The finding of a match. Null: a match that only ends an alert is none. */
export function findingOf(match: Match, at: number): MatchFinding | null {
  if (match.resolves === true) return null;
  const { id, portfolio, rule, rulesVersion, severity, subject, ticker, cause, title, values, atStakeUsd } = match;
  return {
    kind: 'match',
    id,
    portfolio,
    hour: hourOf(Date.parse(match.event.time)).id,
    at,
    rule,
    rulesVersion,
    severity,
    subject,
    ticker,
    cause,
    title,
    values: { ...values },
    atStakeUsd,
    event: { ...match.event },
    late: match.late,
  };
}

/** What of a match a finding of its analysis has. */
type Explained = Pick<Match, 'portfolio' | 'subject' | 'ticker' | 'atStakeUsd' | 'event'>;

/** The finding of a task that read matches of one portfolio and subject. */
export function analysisOf(
  { task, agent, summary }: { readonly task: string; readonly agent: string; readonly summary: string | null },
  matches: readonly [Explained, ...Explained[]],
  at: number,
): AnalysisFinding {
  const [first] = matches;
  const { portfolio, subject, ticker } = first;
  const newest = Math.max(...matches.map(({ event }) => Date.parse(event.time)));
  return {
    kind: 'analysis',
    id: `analysis/${task}`,
    portfolio,
    hour: hourOf(newest).id,
    at,
    subject,
    ticker,
    agent,
    task,
    summary,
    atStakeUsd: Math.max(...matches.map(({ atStakeUsd }) => atStakeUsd)),
    events: matches.map(({ event }) => ({ ...event })),
  };
}
