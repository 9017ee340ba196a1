import { z } from 'zod';
import { wrongUsage } from '#cli/user-error.ts';
import { wholeOption } from '#cli/whole-option.ts';

const number = (what: string) => z.coerce.number({ error: `${what} must be a number` });

/** The options of `fleet documents`, as the command line gives them: strings. */
export const documentsOptionsSchema = z
  .strictObject({
    out: z.string().min(1).optional(),
    agents: wholeOption('agents', 2, 1_000).optional(),
    latency: number('--latency')
      .int('--latency must be whole milliseconds')
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
    '--run and --retry-failed exclude each other',
  );
export type DocumentsOptions = z.infer<typeof documentsOptionsSchema>;

/** Parses the options; throws wrong usage that names the first bad one. */
export function parseDocumentsOptions(raw: unknown, folder: string | undefined): DocumentsOptions {
  const parsed = documentsOptionsSchema.safeParse(raw);
  if (!parsed.success) throw wrongUsage(`${parsed.error.issues[0]?.message ?? 'Wrong usage'}.`, SEE_HELP);
  const attaches = parsed.data.run ?? parsed.data.retryFailed;
  if (folder === undefined && attaches === undefined) throw wrongUsage('No folder was given.', SEE_HELP);
  if (folder !== undefined && attaches !== undefined)
    throw wrongUsage(
      'A folder and a run id exclude each other.',
      'Give a folder for a new run, or an id for one that there is.',
    );
  return parsed.data;
}

const SEE_HELP = 'See npm run fleet -- documents --help.';
