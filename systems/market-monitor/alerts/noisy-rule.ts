import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import type { Severity } from '../events/match.ts';

/** What a rule of a portfolio told people within a day: alerts that it opened, and that it made worse. */
export const ruleActivitySchema = storedRecord({
  version: z.number().int().positive(),
  portfolio: z.string(),
  rule: z.string(),
  opened: z.array(stored({ key: z.string(), at: z.number() })),
  /** Since when it tells nothing. */
  stoppedAt: z.number().optional(),
});
export type RuleActivity = z.infer<typeof ruleActivitySchema>;

const DAY_MS = 24 * 3_600_000;

/**
 * Alerts that a rule may open or make worse within 24 hours. One that does more is wrong, and hides what is right: it stops
 * itself. A crash of the market may open an urgent alert for each holding, so urgent rules may do more.
 */
export const MAX_OPENED: Readonly<Record<Severity, number>> = { urgent: 200, warning: 50, info: 50 };

/** Counts an alert that a rule is about to open or to make worse, once for each key. `stopped`: it may not. */
export function countOpened(
  before: RuleActivity | null,
  {
    portfolio,
    rule,
    severity,
    key,
    now,
  }: { portfolio: string; rule: string; severity: Severity; key: string; now: number },
): { readonly next: RuleActivity | null; readonly stopped: boolean; readonly stopsNow: boolean } {
  const known = before ?? { version: 0, portfolio, rule, opened: [] };
  const isStopped = known.stoppedAt !== undefined && known.stoppedAt > now - DAY_MS;
  if (isStopped) return { next: null, stopped: true, stopsNow: false };
  const opened = known.opened.filter(({ at }) => at > now - DAY_MS);
  if (opened.some((each) => each.key === key)) return { next: null, stopped: false, stopsNow: false };
  const { stoppedAt: _, ...rest } = known;
  if (opened.length >= MAX_OPENED[severity]) {
    return { next: { ...rest, version: known.version + 1, opened, stoppedAt: now }, stopped: true, stopsNow: true };
  }
  const next = { ...rest, version: known.version + 1, opened: [...opened, { key, at: now }] };
  return { next, stopped: false, stopsNow: false };
}
