import { z } from 'zod';
import { tierSchema } from '#core/models/catalogue.ts';
import type { Output } from '#cli/terminal/output.ts';
import { wholeOption } from '#cli/whole-option.ts';
import { KINDS, type Kind } from './calls.ts';
import { checkLocally, type Residual } from './check.ts';
import { scaleFigures, type Scale } from './figures.ts';
import { writeTables } from './tables.ts';

const share = z.coerce.number().min(0).max(1);
const seconds = z.coerce.number().positive().max(900);

/** The command-line options of `bench scale`. */
export const scaleBenchOptions = z.strictObject({
  kind: z.enum(KINDS as [Kind, ...Kind[]]),
  tier: tierSchema,
  modelSeconds: seconds,
  inputTokens: wholeOption(1, 1_000_000),
  outputTokens: wholeOption(1, 64_000),
  cachedShare: share,
  economy: z.boolean().default(false),
  workers: wholeOption(4, 1_000),
  tasksPerWorker: wholeOption(1, 10),
  apiRate: wholeOption(1, 10_000),
  readsPerTask: wholeOption(0, 1_000),
  requestsPerMinute: wholeOption(1, 1e9),
  inputTokensPerMinute: wholeOption(1, 1e12),
  outputTokensPerMinute: wholeOption(1, 1e12),
  check: z.boolean().default(false),
  write: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** What `bench scale` prints. */
export interface ScaleFigures extends Scale {
  /** The model's predictions against runs on this machine; null without `--check`. */
  readonly residuals: readonly Residual[] | null;
}

/** Computes what tasks take and cost on AWS; with `--check`, runs the model's rules against a fleet on this machine. */
export async function benchScale(options: z.infer<typeof scaleBenchOptions>, output: Output): Promise<ScaleFigures> {
  if (options.write) writeTables();
  return { ...scaleFigures(options), residuals: options.check ? await checkLocally(output) : null };
}
