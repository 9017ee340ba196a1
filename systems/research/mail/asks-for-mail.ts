import { z } from 'zod';

const inputSchema = z.object({ mail: z.literal(true) });

/**
 * Whether the brief of a run is mailed: only if its execution was started with `mail: true`, as the schedule does. The
 * recipients are the fleet's, so no tenant's request to the API can ask for it.
 * @param input what the execution was started with
 */
export const asksForMail = (input: unknown): boolean => inputSchema.safeParse(input).success;
