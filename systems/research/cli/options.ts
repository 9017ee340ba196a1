import { join } from 'node:path';
import { z } from 'zod';
import { parseOptions } from '#cli/parse-options.ts';
import { MAX_NEWS_SITES, newsAddressSchema } from '../night/item.ts';
import { numberOption, wholeOption } from '#cli/whole-option.ts';

/** Where briefs are written unless --out names a folder. */
export const REPORTS = join('reports', 'research');

/** Companies of the simulated web, and its seed, unless --sample and --seed name others. */
export const SAMPLE = 50;
export const SEED = 1;

/** The options of `fleet research`. */
const researchOptionsSchema = z
  .strictObject({
    companies: z.string().min(1).optional(),
    sample: wholeOption(1, 500).optional(),
    nights: wholeOption(1, 60).default(1),
    seed: wholeOption(0, 0xffff_ffff).default(SEED),
    by: z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 07:00')
      .default('07:00'),
    news: z.array(newsAddressSchema).max(MAX_NEWS_SITES).default([]),
    search: z.boolean().default(false),
    out: z.string().min(1).optional(),
    maxUsd: numberOption.positive().optional(),
    json: z.boolean().default(false),
  })
  .refine(
    ({ companies, sample }) => companies === undefined || sample === undefined,
    '--companies and --sample cannot be combined',
  );
export type ResearchOptions = z.infer<typeof researchOptionsSchema>;

/** The options of `fleet research diff`. Some are those of `fleet research`, which has more. */
const diffOptionsSchema = z.object({
  /** @default the newest */
  night: z.iso.date().optional(),
  /** The folder with a folder for each night. */
  out: z.string().min(1).optional(),
  json: z.boolean().default(false),
});
export type DiffOptions = z.infer<typeof diffOptionsSchema>;

/** Parses the options. Throws wrong usage that names the first invalid one. */
export const parseResearchOptions = (raw: unknown): ResearchOptions =>
  parseOptions(researchOptionsSchema, raw, 'research');

/** The same for `fleet research diff`. */
export const parseDiffOptions = (raw: unknown): DiffOptions => parseOptions(diffOptionsSchema, raw, 'research diff');
