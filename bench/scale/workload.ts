import { tierSchema, type Tier } from '#core/models/catalogue.ts';
import { CALLS, type Kind, type TaskCalls } from './calls.ts';
import { assumed, counted, listed, type Sourced } from './sourced.ts';

/** What the tasks are, how the fleet is configured, and what the model's provider allows. */
export interface Workload {
  readonly kind: Kind;
  /** Whose price the tokens have. */
  readonly tier: Tier;
  /** Seconds of one model call. */
  readonly modelSeconds: number;
  /** Per model call. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Share of the input that is read from the prompt cache, 0 to 1. It counts in no limit of input tokens. */
  readonly cachedShare: number;
  /** Whether calls go into Message Batches, at half the price and within a day (docs/economy.md). */
  readonly economy: boolean;
  /** `workers` of the configuration: the most that the pool's default queue may have. */
  readonly workers: number;
  /** `tasksPerWorker` of the configuration. */
  readonly tasksPerWorker: number;
  /** `apiRate` of the configuration: requests a second of one key. */
  readonly apiRate: number;
  /** GET requests for each task, beside its share of a batch of 500. */
  readonly readsPerTask: number;
  /** The provider's limits, per minute. */
  readonly requestsPerMinute: number;
  readonly inputTokensPerMinute: number;
  readonly outputTokensPerMinute: number;
}

/** The workload of docs/cost.md, with the largest pool that can be configured. */
export const USUAL: Workload = {
  kind: 'task',
  tier: 'balanced',
  modelSeconds: 2.4,
  inputTokens: 10_000,
  outputTokens: 1_000,
  cachedShare: 0,
  economy: false,
  workers: 1_000,
  tasksPerWorker: 5,
  apiRate: 100,
  readsPerTask: 1,
  requestsPerMinute: 4_000,
  inputTokensPerMinute: 2_000_000,
  outputTokensPerMinute: 400_000,
};

export const TIERS = tierSchema.options;

/** Constants of a task on AWS. */
export const TASK = {
  /** One AWS call as a worker waits for it. */
  callSeconds: assumed(0.005, 'DynamoDB answers in single-digit milliseconds'),
  workerGigabytes: counted(0.5, 'lib/constructs: 512 MB'),
  apiGigabytes: counted(1, 'lib/constructs: 1 GB'),
  apiSeconds: assumed(0.03, 'a request of the task API, warm'),
  batchItems: listed(500, 'POST /tasks/batch (docs/openapi.json)'),
  logBytes: counted(2_000, 'a local fleet: two lines a task'),
  traces: assumed(0.1, 'a trace of the request and one of the work, 5 % of them (traceSampling)'),
} as const satisfies Record<string, Sourced>;

/** Returns the calls of one task of this workload. */
export const callsOf = ({ kind }: Pick<Workload, 'kind'>): TaskCalls => CALLS[kind];

/** Seconds that one task keeps its place in a worker. */
export const taskSeconds = (workload: Workload): number =>
  callsOf(workload).modelCalls.value * workload.modelSeconds +
  callsOf(workload).waitedFor.value * TASK.callSeconds.value;

/** API requests of one task: its share of a batch, and reads. The documents of a fan-out are uploaded to S3. */
export const apiRequests = ({ kind, readsPerTask }: Workload): number =>
  kind === 'document' ? 0 : 1 / TASK.batchItems.value + readsPerTask;
