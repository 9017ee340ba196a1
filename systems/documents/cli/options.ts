import { z } from 'zod';
import { parseOptions } from '#cli/parse-options.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { numberOption, wholeOption } from '#cli/whole-option.ts';

/** The options of `fleet documents`, parsed from command-line strings. */
export const documentsOptionsSchema = z
  .strictObject({
    out: z.string().min(1).optional(),
    agents: wholeOption(2, 1_000).optional(),
    latency: wholeOption(0, 600_000).optional(),
    maxUsd: numberOption.positive().optional(),
    yes: z.boolean().default(false),
    json: z.boolean().default(false),
    run: z.string().min(1).optional(),
    retryFailed: z.string().min(1).optional(),
    resume: z.string().min(1).optional(),
    discard: z.string().min(1).optional(),
  })
  .refine(
    ({ run, retryFailed, resume, discard }) =>
      [run, retryFailed, resume, discard].filter((id) => id !== undefined).length <= 1,
    '--run, --retry-failed, --resume and --discard cannot be combined',
  );
export type DocumentsOptions = z.infer<typeof documentsOptionsSchema>;

/** Parses the options. Throws wrong usage that names the first invalid one. */
export function parseDocumentsOptions(raw: unknown, folder: string | undefined): DocumentsOptions {
  const options = parseOptions(documentsOptionsSchema, raw, 'documents');
  const existing = options.run ?? options.retryFailed ?? options.discard;
  const { maxUsd } = options;
  if (folder === undefined && existing === undefined) throw wrongUsage('The folder is missing.', SEE_HELP);
  if (folder !== undefined && existing !== undefined)
    throw wrongUsage(
      'A folder and a run id cannot be combined.',
      'Pass a folder to start a run, or the id of an existing run.',
    );
  if (folder === undefined && maxUsd !== undefined)
    throw wrongUsage(
      '--max-usd cannot change a run that has started.',
      'Leave it out: a retry keeps the limit of its run.',
    );
  return options;
}

const SEE_HELP = 'See npm run fleet -- documents --help.';
