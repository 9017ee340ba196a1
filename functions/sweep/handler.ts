import type { Context } from 'aws-lambda';
import { dynamodbBatchStore } from '#adapters/dynamodb/batch-store.ts';
import { dynamodbDaySpend } from '#adapters/dynamodb/day-spend.ts';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { dayOf } from '#core/budgets/day-budget.ts';
import { readPool } from '#core/pools/pause.ts';
import { FLEET, healthyPool } from '#core/pools/pool.ts';
import { limitsInSteps } from '#core/pools/steps.ts';
import { unlessUnreadable } from '#core/stored/record.ts';
import { gaugePool } from '#core/sweeper/gauge-pool.ts';
import { sweep, type SweepCounts } from '#core/sweeper/sweep.ts';
import { callbackQueue } from '#runtime/ports/callback-queue.ts';
import { logger, reportEvent } from '#runtime/observability/telemetry.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { poolQueues } from '#runtime/ports/task-queue.ts';
import { traced } from '#runtime/observability/traced.ts';
import { sweepEnv } from './env.ts';
import { measureBudget, measureGauges, measureState, measureSweep } from './measure.ts';

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
const daySpend = dynamodbDaySpend({ table: env.STATE_TABLE });
/** Time reserved for the last task of a sweep. */
const RESERVE_MS = 5_000;

/** Sends lost messages again, every minute. */
export const handler = traced('sweep', sweepPool);

async function sweepPool(_event: unknown, context: Context): Promise<SweepCounts> {
  const hasTime = (): boolean => context.getRemainingTimeInMillis() > RESERVE_MS;
  const counts = await sweep(ports, hasTime, env.AGENT).catch((error: unknown) => {
    // It came to its end, without some tasks: those have an alarm of their own.
    if (error instanceof AggregateError) measureSweep();
    throw error;
  });
  measureSweep();
  const read = (name: string) => unlessUnreadable(readPool(ports, name), healthyPool(name));
  measureState((await read(env.AGENT)).state, await read(FLEET));
  // What is measured for people never fails what sweeps for tasks.
  if (hasTime())
    await measurePool().catch((error: unknown) => logger.warn('sweep.unmeasured', { error: error as Error }));
  if (counts.resent + counts.expired + counts.notified > 0) logger.warn('sweep.found', { ...counts });
  return counts;
}

async function measurePool(): Promise<void> {
  measureGauges(await gaugePool(ports, env.AGENT));
  if (env.DAY_USD === undefined) return;
  const day = dayOf(ports.clock.now());
  measureBudget(await daySpend.read({ of: 'agent', name: env.AGENT, day }), env.DAY_USD);
}
