import { z } from 'zod';
import { parseOptions } from '#cli/parse-options.ts';
import { timeOption } from '#cli/tasks/time-option.ts';
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
  /** @default 3, or less: a short file takes a second for each 50 lines */
  minutes: numberOption.positive().max(600).optional(),
  json: z.boolean().default(false),
});
export type ReplayOptions = z.infer<typeof replaySchema>;

const DAY_MS = 86_400_000;
const MAX_DAYS = 30;

const rejectedSchema = z.strictObject({
  since: timeOption
    .refine((time) => Date.parse(time) > Date.now() - MAX_DAYS * DAY_MS, `must be at most ${MAX_DAYS}d ago`)
    .refine((time) => Date.parse(time) <= Date.now(), 'must be in the past')
    .prefault('24h'),
  limit: wholeOption(1, 10_000).default(20),
  details: z.boolean().default(false),
  bucket: z.string().min(1).optional(),
  json: z.boolean().default(false),
});
export type RejectedOptions = z.infer<typeof rejectedSchema>;

/** Parses the options. Throws wrong usage that names the first invalid one. */
export const parseDemoOptions = (raw: unknown): DemoOptions => parseOptions(demoSchema, raw, 'market demo');
export const parseReplayOptions = (raw: unknown): ReplayOptions => parseOptions(replaySchema, raw, 'market replay');
export const parseRejectedOptions = (raw: unknown): RejectedOptions =>
  parseOptions(rejectedSchema, raw, 'market rejected');
