import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { dynamodbBatchStore } from '#adapters/dynamodb/batch-store.ts';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { readPool } from '#core/pools/pause.ts';
import { limitsInSteps } from '#core/pools/steps.ts';
import type { Pool } from '#core/pools/pool.ts';
import { unlessUnreadable } from '#core/stored/record.ts';
import { sweep, type SweepCounts } from '#core/sweeper/sweep.ts';
import { callbackQueue } from '#runtime/ports/callback-queue.ts';
import { logger, metrics, reportEvent } from '#runtime/observability/telemetry.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { poolQueues } from '#runtime/ports/task-queue.ts';
import { traced } from '#runtime/observability/traced.ts';
import { sweepEnv } from './env.ts';

const env = parseEnv(sweepEnv);
const clock = systemClock();
const pools = dynamodbPoolStore({ table: env.STATE_TABLE });
const ports = {
  store: dynamodbTaskStore({ table: env.STATE_TABLE, agents: [env.AGENT] }),
  sessions: dynamodbSessionStore({ table: env.STATE_TABLE }),
  pools,
  batches: dynamodbBatchStore({ table: env.STATE_TABLE }),
  permits: dynamodbPermitStore({ table: env.STATE_TABLE }),
  limits: limitsInSteps(dynamodbLimits({ table: env.STATE_TABLE }), { pools, clock }),
  queue: poolQueues(env, env.AGENT),
  notifier: stepFunctionsNotifier(),
  callbacks: callbackQueue(env),
  escalations: dynamodbEscalationStore({ table: env.STATE_TABLE }),
  usage: dynamodbUsageStore({ table: env.STATE_TABLE }),
  report: reportEvent,
  clock,
};
/** Time reserved for the last task of a sweep. */
const RESERVE_MS = 5_000;

/** Sends lost messages again, every minute. */
export const handler = traced('sweep', sweepPool);

async function sweepPool(_event: unknown, context: Context): Promise<SweepCounts> {
  const counts = await sweep(ports, () => context.getRemainingTimeInMillis() > RESERVE_MS, env.AGENT);
  const pool = await unlessUnreadable(readPool(ports, env.AGENT), null);
  if (pool) measure(pool.state);
  if (counts.resent + counts.expired + counts.notified > 0) logger.warn('sweep.found', { ...counts });
  return counts;
}

/** Only records problems. Missing data means healthy and costs nothing. */
function measure({ status }: Pool['state']): void {
  if (status === 'open' || status === 'half-open') metrics.addMetric('BreakerOpen', MetricUnit.Count, 1);
  if (status === 'paused') metrics.addMetric('PoolPaused', MetricUnit.Count, 1);
}
