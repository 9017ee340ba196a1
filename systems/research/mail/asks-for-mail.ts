import { z } from 'zod';
import type { Brief } from '../brief/schema.ts';

const inputSchema = z.object({ mail: z.literal(true) });
const rescuedSchema = z.object({ rescueAt: z.iso.datetime().transform((text) => Date.parse(text)) });
/** Milliseconds that a run needs to fail once its brief is made. A watchdog leaves one alone that has not. */
const ENDING_MS = 10 * 60_000;

/**
 * Whether the brief of a run is mailed: only if its execution was started with `mail: true`, as the schedule does. The
 * recipients are the fleet's, so no tenant's request to the API can ask for it.
 * @param input what the execution was started with
 */
export const asksForMail = (input: unknown): boolean => inputSchema.safeParse(input).success;

/**
 * Whether a brief says nothing but that its run failed, while a watchdog is still to start that night once more: then the
 * brief of that run is mailed, however it ends.
 * @param input what the execution was started with: a schedule says when its watchdog comes
 */
export function awaitsRescue({ companies, problem, briefAt }: Brief, input: unknown): boolean {
  if (problem === null || companies.length > 0) return false;
  const rescued = rescuedSchema.safeParse(input);
  return rescued.success && Date.parse(briefAt) + ENDING_MS < rescued.data.rescueAt;
}
