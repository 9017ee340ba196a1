import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { lambda } from '#adapters/lambda/client.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { cancelTasks } from '#core/runs/end-tasks.ts';
import { startOf } from '#core/text/text.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { parseJson } from '#runtime/parse/json.ts';
import { endRunEnv } from './env.ts';

const env = parseEnv(endRunEnv);
const runs = dynamodbRunStore({ table: env.STATE_TABLE });
const ports = {
  store: dynamodbTaskStore({ table: env.STATE_TABLE }),
  queue: sqsPoolQueues({ prefix: env.QUEUE_PREFIX }),
  clock: systemClock(),
};

// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
const eventSchema = z.object({
  detail: z.object({
    executionArn: z.string(),
    name: z.string().min(1),
    status: z.enum(['SUCCEEDED', 'ABORTED', 'TIMED_OUT', 'FAILED']),
    startDate: z.number(),
    /** JSON; absent when it is too large for an event. */
    input: z.string().nullish(),
  }),
});
const inputSchema = z.object({ uploadId: z.string().min(1) });

const HOW = {
  ABORTED: { error: 'Run.Cancelled', cause: 'The run was cancelled.' },
  TIMED_OUT: { error: 'Run.TimedOut', cause: 'The run took longer than its limit.' },
  FAILED: { error: 'Run.Failed', cause: 'The execution failed. Its history shows the cause.' },
} as const;

/** A cancelled task that is running ends with its worker's next heartbeat. */
const PASS_MS = 500;
/** Time that the invocation keeps for the report. */
const RESERVE_MS = 10_000;
/** The listing of tasks lags behind by less than this. */
const QUIET_PASSES = 3;

/**
 * Notes the end of a run. Ends what a stopped execution left behind: marks the run as cancelled, so that messages still in the queue create no
 * task, cancels its tasks, then has the report written. Every step can be repeated.
 */
export const handler = traced('end-run', async (event: unknown, context: Context): Promise<void> => {
  const { name: runId, executionArn, status, startDate, input } = eventSchema.parse(event).detail;
  const { uploadId } = inputSchema.parse(parseJson(input ?? ''));
  const now = ports.clock.now();
  const run = { id: runId, tenant: env.TENANT, name: startOf(uploadId, 128), createdAt: startDate, size: 1 };
  // A run of an earlier release is not registered.
  await runs.create({ ...run, digest: executionArn, execution: executionArn });
  if (status === 'SUCCEEDED') return void (await runs.mark(env.TENANT, runId, 'endedAt', now));
  await runs.mark(env.TENANT, runId, 'cancelledAt', now);
  let open = 0;
  for (let quiet = 0; quiet < QUIET_PASSES && context.getRemainingTimeInMillis() > RESERVE_MS;) {
    open = await cancelTasks(ports, { runId, tenant: env.TENANT, from: startDate });
    quiet = open === 0 ? quiet + 1 : 0;
    await delay(PASS_MS);
  }
  if (open > 0) logger.warn('run.tasks-open', { runId, open });
  await runs.mark(env.TENANT, runId, 'endedAt', ports.clock.now());
  const startedAt = new Date(startDate).toISOString();
  const payload = { runId, uploadId, startedAt, results: null, mapError: HOW[status] };
  await lambda().send(
    new InvokeCommand({ FunctionName: env.AGGREGATOR, InvocationType: 'Event', Payload: JSON.stringify(payload) }),
  );
  logger.info('run.ended', { runId, status });
});
