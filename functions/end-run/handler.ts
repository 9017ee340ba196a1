import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { homesHere } from '#adapters/aws/regions.ts';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { lambda } from '#adapters/lambda/client.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { runSpan } from '#core/tracing/later-spans.ts';
import { runContext } from '#core/tracing/span-ids.ts';
import { runIdHere } from '#core/regions/home.ts';
import { endRun, type EndedRun, type EndRunPorts } from '#core/runs/end-run.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { spans } from '#runtime/observability/tracing.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { writtenMaps } from '#runtime/runs/written-maps.ts';
import { parseJson } from '#runtime/parse/json.ts';
import { endRunEnv } from './env.ts';

const env = parseEnv(endRunEnv);
const ids = nodeIds();
const ports = {
  runs: dynamodbRunStore({ table: env.STATE_TABLE }),
  store: dynamodbTaskStore({ table: env.STATE_TABLE }),
  queue: sqsPoolQueues({ prefix: env.QUEUE_PREFIX }),
  clock: systemClock(),
  pause: (ms: number) => delay(ms),
};

// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
const eventSchema = z.object({
  detail: z.object({
    executionArn: z.string(),
    name: z.string().min(1),
    status: z.enum(['SUCCEEDED', 'ABORTED', 'TIMED_OUT', 'FAILED']),
    startDate: z.number(),
    stopDate: z.number(),
    /** When it was redriven last. AWS does not document it for the event. */
    redriveDate: z.number().optional().catch(undefined),
    /** JSON; absent when it is too large for an event. */
    input: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
/** A fan-out's input has the upload; a pipeline's may have a tenant and a name. */
const inputSchema = z.looseObject({
  uploadId: z.string().min(1).optional(),
  tenant: z.string().min(1).default(env.TENANT),
  name: z.string().min(1).optional(),
});

/** Time that the invocation keeps for the report. */
const RESERVE_MS = 10_000;

/**
 * Notes the end of a run, see `endRun`. Throws when tasks are still open at its time limit: Lambda repeats the event, and
 * each try goes on where the last one stopped.
 */
export const handler = traced('end-run', async (event: unknown, context: Context): Promise<void> => {
  const { executionArn: execution, status, ...at } = eventSchema.parse(event).detail;
  const runId = runIdHere(homesHere(), at.name);
  const given = inputSchema.parse(parseJson(at.input ?? ''));
  const { uploadId, tenant, name = runId } = given;
  const ended: EndedRun = {
    runId,
    uploadId: uploadId ?? name,
    tenant,
    execution,
    startedAt: at.startDate,
    endedAt: at.stopDate,
    ...(at.redriveDate !== undefined && { redrivenAt: at.redriveDate }),
    status,
    ...(at.error && { because: { error: at.error, cause: at.cause ?? '' } }),
  };
  const report = env.STAGES ? pipelineReport(given, env.STAGES) : fanOutReport;
  const ending = await endRun({ ...ports, report }, ended, () => context.getRemainingTimeInMillis() > RESERVE_MS);
  logger[ending === 'noted' ? 'info' : 'warn']('run.ended', { runId, status, ending });
  if (ending === 'noted') traceRun(ended);
  if (ending === 'out-of-time') throw new Error(`Run ${runId} has open tasks. The event is handled again.`);
});

/** Its workflow is the state machine, which the ARN of the execution names. */
function traceRun(run: EndedRun): void {
  const workflow = run.execution.split(':')[6] ?? 'unknown';
  const sampled = spans?.samples(runContext(ids, run.runId).traceId) ?? false;
  spans?.record(runSpan(ids, { ...run, workflow, succeeded: run.status === 'SUCCEEDED' }, sampled));
}

type Report = EndRunPorts['report'];

const fanOutReport: Report = ({ runId, uploadId, startedAt, redrivenAt }, mapError, replaces) =>
  aggregate({
    runId,
    uploadId,
    startedAt: new Date(startedAt).toISOString(),
    results: null,
    mapError,
    ...kept(replaces, redrivenAt),
  });

const pipelineReport =
  (input: object, stages: readonly (readonly string[])[]): Report =>
  async ({ runId: id, tenant, uploadId: name, startedAt, redrivenAt }, problem, replaces) =>
    aggregate({
      run: { id, tenant, name, startedAt },
      input,
      maps: await writtenMaps({ artifacts: s3Artifacts(), bucket: env.ARTIFACT_BUCKET ?? '' }, id, stages),
      problem,
      ...kept(replaces, redrivenAt),
    });

/** One that the execution wrote itself is over its own results. This one would say less. */
const kept = (replaces: boolean, redrivenAt: number | undefined) => ({
  keepReport: !replaces,
  ...(redrivenAt !== undefined && { keepReportFrom: new Date(redrivenAt).toISOString() }),
});

async function aggregate(payload: object): Promise<void> {
  await lambda().send(
    new InvokeCommand({ FunctionName: env.AGGREGATOR, InvocationType: 'Event', Payload: JSON.stringify(payload) }),
  );
}
