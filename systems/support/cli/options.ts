import { z } from 'zod';
import { parseOptions } from '#cli/parse-options.ts';
import { wholeOption } from '#cli/whole-option.ts';

const number = (name: string) => z.coerce.number({ error: 'must be a number' }).positive(`--${name} must be above 0`);

const optionsSchema = z.object({
  minutes: number('minutes').max(1_440, 'must be at most 1440 (a day)'),
  volume: number('volume').max(100, 'must be at most 100'),
  seed: wholeOption('seed', 0, 2 ** 31),
  out: z.string().min(1).optional(),
  json: z.boolean().default(false),
});
export type SupportOptions = z.output<typeof optionsSchema>;

/** Parses the options of `fleet support`. Throws a wrong-usage error. */
export const parseSupportOptions = (raw: unknown): SupportOptions => parseOptions(optionsSchema, raw, 'support');
