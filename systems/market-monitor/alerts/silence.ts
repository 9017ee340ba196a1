import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import type { Alert } from './alert.ts';
import { loudness } from './loudness.ts';

/** What a person silenced for a while. */
export const silenceSchema = storedRecord({
  id: z.string(),
  portfolio: z.string(),
  /** Absent: every subject. */
  subject: z.string().optional(),
  /** Absent: every cause. */
  cause: z.string().optional(),
  /** The loudest severity that it holds back. What becomes louder reaches people. */
  upTo: z.enum(['warning', 'urgent']),
  /** When it is over. Of one that a person ended: then. */
  until: z.number(),
  by: z.string(),
  why: z.string(),
  /** When it was made. Silences of before December 2026 do not say it. */
  madeAt: z.number().optional(),
  /** Who ended it before its time, when, and when it would have been over. */
  ended: stored({ by: z.string(), at: z.number(), until: z.number() }).optional(),
});
export type Silence = z.infer<typeof silenceSchema>;

/** Whether a silence holds alerts back. */
export const isInEffect = ({ until, ended }: Pick<Silence, 'until' | 'ended'>, now: number): boolean =>
  until > now && ended === undefined;

/** The silence that holds an alert back, the one that ends last. Null: none. */
export function silenceOf(alert: Alert, silences: readonly Silence[], now: number): Silence | null {
  const matching = silences.filter(
    ({ portfolio, subject = alert.subject, cause = alert.cause, upTo, ...when }) =>
      isInEffect(when, now) &&
      portfolio === alert.portfolio &&
      subject === alert.subject &&
      cause === alert.cause &&
      loudness({ severity: alert.severity }) <= loudness({ severity: upTo }),
  );
  return matching.toSorted((a, b) => b.until - a.until)[0] ?? null;
}
