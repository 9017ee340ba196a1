import { z } from 'zod';
import { FAULT_NAMES, ON_REQUEST } from './faults/names.ts';

const faultSchema = z.enum(FAULT_NAMES);
const shareSchema = z.number().min(0).max(1);

const faultsSchema = z.strictObject({
  /** The share of companies whose site has one fault, chosen by the seed. @default 0.12 */
  share: shareSchema.default(0.12),
  /** The faults to choose from. @default all but `dead` and `unavailable` */
  kinds: z
    .array(faultSchema)
    .min(1)
    .default(FAULT_NAMES.filter((name) => !ON_REQUEST.includes(name))),
  /** The share of company sites that are dead, besides `share`. @default 0 */
  dead: shareSchema.default(0),
  /** The faults of a host by its name or of a company by its id, in place of those that the seed chooses. @default none */
  at: z.record(z.string(), z.array(faultSchema)).default({}),
});

/** The options of `startSimulatedWeb`. An invalid option is a `ZodError` that names the field. */
export const optionsSchema = z.strictObject({
  /** The same seed and options make the same bytes. @default 1 */
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** How many companies there are, chosen by the seed. @default 50 */
  companies: z.int().min(1).max(500).default(50),
  /** The night it is: 0 has the history, each later one adds events. @default 0 */
  night: z.int().min(0).max(3_650).default(0),
  /** The date of night 0. @default 2026-11-02 */
  firstNight: z.iso.date().default('2026-11-02'),
  /** The share of companies to which something happens in a night after the first, at least one. @default 0.05 */
  change: shareSchema.default(0.05),
  /** Which texts and page layouts. Measure with `second`, and look only at `first` to write rules. @default first */
  prose: z.enum(['first', 'second']).default('first'),
  faults: faultsSchema.prefault({}),
  /** Seconds for which EDGAR rejects whoever asked more than ten times in a second. @default 600, as the SEC says */
  edgarBlockSeconds: z.number().positive().default(600),
  /** TCP port on 127.0.0.1. 0 picks a free port. @default 0 */
  port: z.int().min(0).max(65_535).default(0),
  /** The clock of the limits, in milliseconds since the epoch. It changes no page. @default Date.now */
  now: z.custom<() => number>((value) => typeof value === 'function').default(() => Date.now),
});
export type Options = z.output<typeof optionsSchema>;
export type SimulatedWebOptions = z.input<typeof optionsSchema>;
