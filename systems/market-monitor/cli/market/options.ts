import { z } from 'zod';
import { parseOptions } from '#cli/parse-options.ts';
import { numberOption, wholeOption } from '#cli/whole-option.ts';

const demoSchema = z.strictObject({
  seed: wholeOption(0, 0xffff_ffff).default(1),
  events: wholeOption(1_000, 200_000).default(20_000),
  minutes: numberOption.positive().max(600).default(3),
  day: z.iso.date().default('2026-11-17'),
  out: z.string().min(1).optional(),
  json: z.boolean().default(false),
});
export type DemoOptions = z.infer<typeof demoSchema>;

const replaySchema = z.strictObject({
  minutes: numberOption.positive().max(600).default(3),
  json: z.boolean().default(false),
});
export type ReplayOptions = z.infer<typeof replaySchema>;

/** Parses the options. Throws wrong usage that names the first invalid one. */
export const parseDemoOptions = (raw: unknown): DemoOptions => parseOptions(demoSchema, raw, 'market demo');
export const parseReplayOptions = (raw: unknown): ReplayOptions => parseOptions(replaySchema, raw, 'market replay');
