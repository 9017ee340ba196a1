import { z } from 'zod';
import { stored } from '#core/stored/record.ts';
import { startOf } from '#core/text/text.ts';
import type { Match } from '../events/match.ts';

/** Characters of a stranger's text that an agent reads of one event. */
export const MAX_TEXT = 1_500;

/** A match that an agent is to explain, and the text of its event. */
export const signalSchema = stored({
  /** Id of the match. */
  id: z.string(),
  portfolio: z.string(),
  rule: z.string(),
  severity: z.enum(['urgent', 'warning', 'info']),
  subject: z.string(),
  ticker: z.string(),
  cause: z.string(),
  title: z.string(),
  values: z.record(z.string(), z.number()),
  atStakeUsd: z.number(),
  event: stored({ source: z.string(), id: z.string(), type: z.string(), time: z.string() }),
  /** When the stream received the event, in milliseconds since 1970. */
  arrivedAt: z.number(),
  /** A headline, the text of a filing. Written by strangers. */
  text: z.string(),
});
export type Signal = z.infer<typeof signalSchema>;

/** The part of a match that its agent reads. */
export function signalOf(match: Match, text: string): Signal {
  const { id, portfolio, rule, severity, subject, ticker, cause, title, values, event, arrivedAt, atStakeUsd } = match;
  return {
    id,
    portfolio,
    rule,
    severity,
    subject,
    ticker,
    cause,
    title,
    arrivedAt,
    atStakeUsd,
    values: { ...values },
    event: { ...event },
    text: startOf(text, MAX_TEXT),
  };
}
