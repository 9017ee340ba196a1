import { assumed, counted, listed, type Sourced } from './sourced.ts';
import { apiRequests, callsOf, taskSeconds, type Workload } from './workload.ts';

/** Something that bounds how fast tasks end. */
export interface Limit {
  readonly name: string;
  /** Units it has per second in the long run. */
  readonly perSecond: number;
  /** Units that it has at once, at the beginning. */
  readonly burst: number;
  /** Units that one task needs. */
  readonly perTask: number;
  /** Units per second at the beginning, and by how much they grow each second. @default all at once */
  readonly ramp?: { readonly first: number; readonly growth: number };
  readonly quota: Sourced;
  /** What lifts it. */
  readonly lift: string;
}

const MINUTE = 60;

export const QUOTAS = {
  lambdaConcurrency: listed(1_000, 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html'),
  /** Functions of the platform that run meanwhile. */
  otherConcurrency: assumed(100, 'waiting reads, the task API, sweepers'),
  mappingConcurrency: listed(1_250, 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html'),
  mappingFirst: listed(5, 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html'),
  mappingPerMinute: listed(300, 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html'),
  tableWriteUnits: listed(
    4_000,
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html: a new table',
  ),
  tableReadUnits: listed(
    12_000,
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html: a new table',
  ),
  partitionWriteUnits: listed(
    1_000,
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
  ),
  apiRequests: listed(10_000, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html'),
  apiBurst: listed(5_000, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html'),
  taskTokens: listed(500, 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: us-east-1'),
  taskTokensBurst: listed(3_000, 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: us-east-1'),
  transitions: listed(
    1_500,
    'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: us-east-1, the lower of two values in circulation',
  ),
  transitionsBurst: listed(5_000, 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html'),
} as const satisfies Record<string, Sourced>;

/** Returns all limits that tasks of this workload meet. */
export const limitsOf = (workload: Workload): readonly Limit[] =>
  [...modelLimits(workload), ...workerLimits(workload), ...tableLimits(workload), ...serviceLimits(workload)].filter(
    ({ perTask }) => perTask > 0,
  );

/** Token buckets that hold a minute's worth. Batches have limits of their own, which are not modelled. */
function modelLimits(workload: Workload): readonly Limit[] {
  if (workload.economy) return [];
  const calls = callsOf(workload).modelCalls.value;
  const source = 'an input: the limits of your organisation are in the headers anthropic-ratelimit-*';
  const lift = 'a higher usage tier of the provider, a second model, economy (Message Batches)';
  const minutely = (name: string, perMinute: number, perTask: number, lift: string): Limit => ({
    name,
    perSecond: perMinute / MINUTE,
    burst: perMinute,
    perTask,
    quota: assumed(perMinute, source),
    lift,
  });
  const uncached = workload.inputTokens * (1 - workload.cachedShare);
  return [
    minutely('Claude: requests', workload.requestsPerMinute, calls, lift),
    minutely('Claude: input tokens', workload.inputTokensPerMinute, calls * uncached, `prompt caching; ${lift}`),
    minutely(
      'Claude: output tokens',
      workload.outputTokensPerMinute,
      calls * workload.outputTokens,
      `shorter answers; ${lift}`,
    ),
  ];
}

/** A unit is a worker for a second. All queues start with five workers and get more by the minute. */
function workerLimits(workload: Workload): readonly Limit[] {
  const { workers, tasksPerWorker } = workload;
  const ramp = { first: QUOTAS.mappingFirst.value, growth: QUOTAS.mappingPerMinute.value / MINUTE };
  const perTask = taskSeconds(workload) / tasksPerWorker;
  const free = QUOTAS.lambdaConcurrency.value - QUOTAS.otherConcurrency.value;
  const limit = (name: string, perSecond: number, quota: Sourced, lift: string): Limit => ({
    name,
    perSecond,
    burst: 0,
    perTask,
    ramp,
    quota,
    lift,
  });
  return [
    limit("the pool's workers", workers, counted(workers, '`workers` of config/*.json'), '`workers`, `tasksPerWorker`'),
    limit(
      'Lambda: concurrent executions',
      free,
      QUOTAS.lambdaConcurrency,
      'a quota request (L-B99A9384), `tasksPerWorker`',
    ),
    limit(
      'Lambda: one event source mapping',
      QUOTAS.mappingConcurrency.value,
      QUOTAS.mappingConcurrency,
      'provisioned pollers, a second pool',
    ),
  ];
}

function tableLimits(workload: Workload): readonly Limit[] {
  const { writeUnits, readUnits, hotWriteUnits } = callsOf(workload);
  const limit = (name: string, quota: Sourced, perTask: number, lift: string): Limit => ({
    name,
    perSecond: quota.value,
    burst: 0,
    perTask,
    quota,
    lift,
  });
  const warm = 'warm throughput set ahead; by itself the table doubles within 30 minutes';
  return [
    limit('DynamoDB: writes of the table', QUOTAS.tableWriteUnits, writeUnits.value, `${warm}; fewer writes a task`),
    limit('DynamoDB: reads of the table', QUOTAS.tableReadUnits, readUnits.value, warm),
    limit(
      'DynamoDB: writes of one item',
      QUOTAS.partitionWriteUnits,
      hotWriteUnits.value,
      'more tenants or agents, a counter in parts',
    ),
  ];
}

function serviceLimits(workload: Workload): readonly Limit[] {
  const { taskTokens, transitions } = callsOf(workload);
  const limit = (name: string, quota: Sourced, burst: number, perTask: number, lift: string): Limit => ({
    name,
    perSecond: quota.value,
    burst,
    perTask,
    quota,
    lift,
  });
  const { apiRate } = workload;
  return [
    limit(
      'task API: one key',
      counted(apiRate, '`apiRate` of config/*.json'),
      apiRate,
      apiRequests(workload),
      '`apiRate`; callbacks instead of reads',
    ),
    limit('API Gateway: requests', QUOTAS.apiRequests, QUOTAS.apiBurst.value, apiRequests(workload), 'a quota request'),
    limit(
      'Step Functions: task tokens',
      QUOTAS.taskTokens,
      QUOTAS.taskTokensBurst.value,
      taskTokens.value,
      'a quota request; several documents for each token',
    ),
    limit(
      'Step Functions: transitions',
      QUOTAS.transitions,
      QUOTAS.transitionsBurst.value,
      transitions.value,
      'a quota request; Express children',
    ),
  ];
}
