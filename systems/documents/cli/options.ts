import { z } from 'zod';
import { wrongUsage } from '#cli/user-error.ts';
import { wholeOption } from '#cli/whole-option.ts';

const number = (what: string) => z.coerce.number({ error: `${what} must be a number` });

/** The options of `fleet documents`, parsed from command-line strings. */
export const documentsOptionsSchema = z
  .strictObject({
    out: z.string().min(1).optional(),
    agents: wholeOption('agents', 2, 1_000).optional(),
    latency: number('--latency')
      .int('--latency must be a whole number of milliseconds')
      .min(0, '--latency must be 0 or more')
      .max(600_000, '--latency must be 600000 or less')
      .optional(),
    maxUsd: number('--max-usd').positive('--max-usd must be more than 0').optional(),
    json: z.boolean().default(false),
    run: z.string().min(1).optional(),
    retryFailed: z.string().min(1).optional(),
  })
  .refine(
    ({ run, retryFailed }) => run === undefined || retryFailed === undefined,
    '--run and --retry-failed cannot be combined',
  );
export type DocumentsOptions = z.infer<typeof documentsOptionsSchema>;

/** Parses the options. Throws wrong usage that names the first invalid one. */
export function parseDocumentsOptions(raw: unknown, folder: string | undefined): DocumentsOptions {
  const parsed = documentsOptionsSchema.safeParse(raw);
  if (!parsed.success) throw wrongUsage(`${parsed.error.issues[0]?.message ?? 'Wrong usage'}.`, SEE_HELP);
  const existingRun = parsed.data.run ?? parsed.data.retryFailed;
  if (folder === undefined && existingRun === undefined) throw wrongUsage('The folder is missing.', SEE_HELP);
  if (folder !== undefined && existingRun !== undefined)
    throw wrongUsage(
      'A folder and a run id cannot be combined.',
      'Pass a folder to start a run, or the id of an existing run.',
    );
  return parsed.data;
}

const SEE_HELP = 'See npm run fleet -- documents --help.';
