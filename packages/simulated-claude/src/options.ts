import { z } from 'zod';

/** What can be made to go wrong with a call, by rate, by script or by the header `x-simulated-fault`. */
export const faultSchema = z.enum([
  '429',
  '529',
  '500',
  'slow',
  'disconnect',
  'broken-json',
  'invalid-schema',
  'wrong-quote',
]);
export type Fault = z.infer<typeof faultSchema>;

const latencySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), ms: z.number().nonnegative() }),
  z.strictObject({
    kind: z.literal('by-tokens'),
    msPerOutputToken: z.number().nonnegative(),
    msFirstToken: z.number().nonnegative(),
    /** Share by which an answer may be faster or slower, drawn from its content: 0.2 is ±20 %. */
    spread: z.number().min(0).max(1),
    seed: z.int(),
  }),
]);
export type Latency = z.infer<typeof latencySchema>;

const faultsSchema = z.strictObject({
  /** Share of calls that get each fault, 0 to 1. @default none */
  rates: z.partialRecord(faultSchema, z.number().min(0).max(1)).default({}),
  /** The fates of the first calls, in order of arrival; then the rates hold. @default none */
  script: z.array(z.union([faultSchema, z.literal('none')])).default([]),
  /** @default 1 */
  seed: z.int().default(1),
  /** Milliseconds that a slow answer takes longer. @default 10,000 */
  slowMs: z.number().nonnegative().default(10_000),
  /** `retry-after` of a 429 made by fault, in seconds. @default 1 */
  retryAfterSeconds: z.number().nonnegative().default(1),
});
export type Faults = z.infer<typeof faultsSchema>;

const rateLimitsSchema = z.strictObject({
  requestsPerMinute: z.int().positive().optional(),
  /** Cache reads are free of this limit, as in the real API. */
  inputTokensPerMinute: z.int().positive().optional(),
  outputTokensPerMinute: z.int().positive().optional(),
});
export type RateLimits = z.infer<typeof rateLimitsSchema>;

const batchesSchema = z.strictObject({
  /** Milliseconds from a batch's creation until it is worked on. @default 1,000 */
  processingMs: z.number().nonnegative().default(1_000),
  /** Milliseconds after which entries that were not worked on expire. @default 24 hours, as in the real API */
  lifetimeMs: z.number().nonnegative().default(86_400_000),
});

/** The options of `startSimulatedClaude`; a wrong one is a `ZodError` that names the field. */
export const optionsSchema = z.strictObject({
  /** TCP port on 127.0.0.1; 0 takes a free one. @default 0 */
  port: z.int().min(0).max(65_535).default(0),
  /** From the arrival of a call to its answer, the simulator's own work included. @default 0 ms */
  latency: latencySchema.default({ kind: 'fixed', ms: 0 }),
  faults: faultsSchema.default({ rates: {}, script: [], seed: 1, slowMs: 10_000, retryAfterSeconds: 1 }),
  /** Limits for each API key and model. @default none */
  rateLimits: rateLimitsSchema.default({}),
  /**
   * Output tokens that it thinks before it says anything. The block is empty but for its signature, as with `display: "omitted"`,
   * and must come back unchanged. @default 0: it does not think
   */
  thinkingTokens: z.int().nonnegative().default(0),
  batches: batchesSchema.default({ processingMs: 1_000, lifetimeMs: 86_400_000 }),
  /** Absolute paths of the rule modules; the first rule that matches a request answers it. */
  rules: z.array(z.string()).readonly(),
  /** Folder of the ledger `claude-ledger.jsonl` and of `claude-batches/`; made if absent. @default nothing is kept */
  dataDir: z.string().optional(),
});
export type Options = z.output<typeof optionsSchema>;
export type SimulatedClaudeOptions = z.input<typeof optionsSchema>;
