import { z } from 'zod';
import { FAULT_NAMES, DEFAULT_RATES } from './faults/names.ts';
import { demoPortfolios, subjectsOf } from './instruments/portfolios.ts';

const shareSchema = z.number().min(0).max(0.5);
const demoSubjects = (): string[] => [...new Set(demoPortfolios().flatMap((portfolio) => [...subjectsOf(portfolio)]))];

/** The options of `simulateMarket`. An invalid option is a `ZodError` that names the field. */
export const optionsSchema = z.strictObject({
  /** The same seed and options make the same bytes. @default 1 */
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** A day on which the New York Stock Exchange trades, 2025 to 2027. @default 2026-11-17 */
  day: z.iso.date().default('2026-11-17'),
  /** At least so many valid events. Bars get shorter above 60,000. @default 50000 */
  events: z.int().min(1_000).max(20_000_000).default(50_000),
  /** How many instruments, `held` included. @default one for each 100 events, at most 500 */
  instruments: z.int().min(1).max(500).optional(),
  /** Subjects that portfolios hold or watch. They get the incidents. @default those of `demoPortfolios()` */
  held: z
    .array(z.string().regex(/^cik:\d{10}$/))
    .min(1)
    .max(500)
    .default(demoSubjects),
  /** At least so many urgent incidents among `held`, besides the circuit breaker. @default 12 */
  urgent: z.int().min(0).max(60).default(12),
  /** How much prices move when nothing happens. @default calm */
  regime: z.enum(['calm', 'volatile']).default('calm'),
  /** A crash of the whole market that trips the circuit breaker and recovers. @default true */
  crash: z.boolean().default(true),
  /** Texts, shapes of prices and times. Measure with `second`, and look only at `first` to write rules. @default first */
  set: z.enum(['first', 'second']).default('first'),
  /** The share of events with a fault, by its name. @default `DEFAULT_RATES` */
  faults: z
    .partialRecord(z.enum(FAULT_NAMES), shareSchema)
    .transform((rates) => ({ ...DEFAULT_RATES, ...rates }))
    .prefault({}),
});
export type Options = z.output<typeof optionsSchema>;
export type SimulatedMarketOptions = z.input<typeof optionsSchema>;
