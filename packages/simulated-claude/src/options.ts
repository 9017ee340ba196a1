import { z } from 'zod';

/** The faults that can be injected into a call: by rate, by script or with the header `x-simulated-fault`. */
export const faultSchema = z.enum([
  '429',
  '529',
  '500',
  'slow',
  'disconnect',
  'cut',
  'broken-json',
  'invalid-schema',
  'wrong-quote',
  'refusal',
  'pause',
]);
export type Fault = z.infer<typeof faultSchema>;

const latencySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), ms: z.number().nonnegative() }),
  z.strictObject({
    kind: z.literal('by-tokens'),
    msPerOutputToken: z.number().nonnegative(),
    msFirstToken: z.number().nonnegative(),
    /** How much faster or slower an answer can be, drawn from its content: 0.2 is ±20 %. */
    spread: z.number().min(0).max(1),
    seed: z.int(),
  }),
]);
export type Latency = z.infer<typeof latencySchema>;

export const faultsSchema = z.strictObject({
  /** Share of calls that get each fault, 0 to 1. @default none */
  rates: z.partialRecord(faultSchema, z.number().min(0).max(1)).default({}),
  /** The faults of the first calls, in order of arrival. After them, the rates apply. @default none */
  script: z.array(z.union([faultSchema, z.literal('none')])).default([]),
  /** @default 1 */
  seed: z.int().default(1),
  /** Extra milliseconds of a slow answer. @default 10,000 */
  slowMs: z.number().nonnegative().default(10_000),
  /** `retry-after` of an injected 429, in seconds. @default 1 */
  retryAfterSeconds: z.number().nonnegative().default(1),
});
export type Faults = z.infer<typeof faultsSchema>;

const rateLimitsSchema = z.strictObject({
  requestsPerMinute: z.int().positive().optional(),
  /** Cache reads do not count, as in the real API. */
  inputTokensPerMinute: z.int().positive().optional(),
  outputTokensPerMinute: z.int().positive().optional(),
});
export type RateLimits = z.infer<typeof rateLimitsSchema>;

/** A key that signs requests to AWS. */
const awsKeySchema = z.strictObject({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) });
export type AwsKey = z.infer<typeof awsKeySchema>;

/** A search on this machine that stands in for the web's: `GET /search?q=WORDS&count=10` returns `{ results: [{ url, title, page_age }] }`. */
const searchSchema = z.strictObject({
  /** Its address, such as `http://127.0.0.1:4480`. */
  url: z.url({ protocol: /^http$/, hostname: /^(?:127\.0\.0\.1|localhost)$/ }),
  /** The header `Host`. @default search.test */
  host: z.string().min(1).default('search.test'),
});
export type SearchEndpoint = z.infer<typeof searchSchema>;

const batchesSchema = z.strictObject({
  /** Milliseconds from a batch's creation until it is processed. @default 1,000 */
  processingMs: z.number().nonnegative().default(1_000),
  /** Milliseconds until unprocessed entries expire. @default 24 hours, as in the real API */
  lifetimeMs: z.number().nonnegative().default(86_400_000),
});

/** The options of `startSimulatedClaude`. An invalid option is a `ZodError` that names the field. */
export const optionsSchema = z.strictObject({
  /** TCP port on 127.0.0.1. 0 picks a free port. @default 0 */
  port: z.int().min(0).max(65_535).default(0),
  /** Time from a call's arrival to its answer, including the simulator's own work. @default 0 ms */
  latency: latencySchema.default({ kind: 'fixed', ms: 0 }),
  faults: faultsSchema.default({ rates: {}, script: [], seed: 1, slowMs: 10_000, retryAfterSeconds: 1 }),
  /** Limits per API key and model. @default none */
  rateLimits: rateLimitsSchema.default({}),
  /**
   * Output tokens spent on thinking before each answer. The thinking block has only a signature, as with
   * `display: "omitted"`, and must come back unchanged. @default 0: no thinking
   */
  thinkingTokens: z.int().nonnegative().default(0),
  /** Where web searches are answered. @default nowhere: they fail as `unavailable` */
  search: searchSchema.optional(),
  batches: batchesSchema.default({ processingMs: 1_000, lifetimeMs: 86_400_000 }),
  /**
   * The AWS keys whose signatures are accepted at the doors of Amazon Bedrock and Claude Platform on AWS.
   * @default the form of a signature is checked, and by whom it was made is not
   */
  awsKeys: z.array(awsKeySchema).readonly().default([]),
  /** Absolute paths of the rule modules. The first rule that matches a request answers it. */
  rules: z.array(z.string()).readonly(),
  /** Folder for `claude-ledger.jsonl` and `claude-batches/`, created if absent. @default nothing is stored */
  dataDir: z.string().optional(),
});
export type Options = z.output<typeof optionsSchema>;
export type SimulatedClaudeOptions = z.input<typeof optionsSchema>;
