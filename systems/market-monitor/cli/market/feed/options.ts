import { z } from 'zod';
import { parseDuration } from '#cli/duration.ts';
import { parseOptions } from '#cli/parse-options.ts';
import { MAX_EVERY_MS } from './patience.ts';

const MIN_EVERY_MS = 1_000;

/** `15s`, in milliseconds. */
const durationOption = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  context.addIssue('must be a duration such as 15s, 10m or 2h');
  return z.NEVER;
});

const feedSchema = z.strictObject({
  contact: z
    .string({ error: 'is missing: the SEC rejects requests without the name and e-mail address of who asks' })
    .trim()
    .regex(
      /^[\w .,&-]{1,80} [\w.+-]+@[\w-]+(\.[\w-]+)+$/,
      'must be a name and an e-mail address: "Name mail@example.com"',
    ),
  every: durationOption
    .refine((ms) => ms >= MIN_EVERY_MS, 'must be at least 1s: the SEC blocks more than ten requests a second')
    .refine((ms) => ms <= MAX_EVERY_MS, 'must be at most 24h')
    .prefault('15s'),
  back: durationOption.prefault('1h'),
  once: z.boolean().default(false),
  stream: z.string().min(1).optional(),
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  json: z.boolean().default(false),
});
export type FeedOptions = z.infer<typeof feedSchema>;

/** Parses the options. Throws wrong usage that names the first invalid one. */
export const parseFeedOptions = (raw: unknown): FeedOptions => parseOptions(feedSchema, raw, 'market feed edgar');
