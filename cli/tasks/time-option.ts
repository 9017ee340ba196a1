import { z } from 'zod';
import { isoTime, parseDuration } from '../duration.ts';

/** A time in the past given on the command line: `2h` for two hours ago, or an ISO time. Returns an ISO time. */
export const timeOption = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  const at = isoTime(ms === null ? Date.parse(text) : Date.now() - ms);
  if (at !== null) return at;
  context.addIssue('must be a time like 2026-11-25 or 2026-11-25T08:00Z, or 2h for two hours ago');
  return z.NEVER;
});
