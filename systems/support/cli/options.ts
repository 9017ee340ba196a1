import { z } from 'zod';
import { parseOptions } from '#cli/parse-options.ts';
import { numberOption, wholeOption } from '#cli/whole-option.ts';

const optionsSchema = z.object({
  minutes: numberOption.positive().max(1_440, 'must be at most 1440 (a day)'),
  volume: numberOption.positive().max(100),
  seed: wholeOption(0, 2 ** 31),
  out: z.string().min(1).optional(),
  json: z.boolean().default(false),
});
export type SupportOptions = z.output<typeof optionsSchema>;

/** Parses the options of `fleet support`. Throws a wrong-usage error. */
export const parseSupportOptions = (raw: unknown): SupportOptions => parseOptions(optionsSchema, raw, 'support');
