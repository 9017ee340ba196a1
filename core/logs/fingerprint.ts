import { z } from 'zod';
import type { LogLine } from './log-line.ts';

const errorSchema = z.object({ name: z.string(), message: z.string(), at: z.array(z.string()) });
const text = z.string().optional().catch(undefined);
const fieldsSchema = z.object({
  error: errorSchema.optional().catch(undefined),
  failureKind: text,
  tool: text,
  status: text,
  cause: text,
  kind: text,
});

/**
 * What errors of the same cause have in common: the agent or function, the event, and where and how it failed. Numbers and
 * ids are left out.
 */
export function causeOfError({ agent, function: from, message, fields }: LogLine): string {
  const { error, failureKind, tool, status, cause, kind } = fieldsSchema.parse(fields);
  const how = [status, failureKind, cause, kind, tool, error && `${error.name}: ${withoutIds(error.message)}`];
  const place = error?.at[0] === undefined ? [] : [`(${error.at[0].replace(/^at /, '')})`];
  return [`${agent ?? from}:`, message, ...how.filter((part) => part !== undefined), ...place].join(' ');
}

const withoutIds = (message: string): string =>
  message
    .replaceAll(/\b[\w-]*\d[\w-]*\b/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Identifies errors of the same cause: eight hexadecimal digits (FNV-1a of their cause). */
export function fingerprintOf(line: LogLine): string {
  let hash = 0x81_1c_9d_c5;
  for (const character of causeOfError(line)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
