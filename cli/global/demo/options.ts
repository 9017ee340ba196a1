import { z } from 'zod';
import { parseOptions } from '../../parse-options.ts';
import { wholeOption } from '../../whole-option.ts';

const optionsSchema = z.object({
  tasks: wholeOption(30, 20_000),
  seconds: wholeOption(5, 3_600),
  seed: wholeOption(0, 2 ** 31),
  json: z.boolean().default(false),
});
export type DemoOptions = z.output<typeof optionsSchema>;

/** The options of `fleet global demo`. Throws wrong usage. */
export const parseDemoOptions = (raw: unknown): DemoOptions => parseOptions(optionsSchema, raw, 'global demo');
