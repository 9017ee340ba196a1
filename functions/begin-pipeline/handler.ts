import { z } from 'zod';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { beginPipeline, type PipelineBegun } from '#core/runs/begin-pipeline.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { beginPipelineEnv } from './env.ts';

const env = parseEnv(beginPipelineEnv);
const ports = {
  runs: dynamodbRunStore({ table: env.STATE_TABLE }),
  artifacts: s3Artifacts(),
  clock: systemClock(),
};
const settings = {
  workflow: env.WORKFLOW,
  tenant: env.TENANT,
  bucket: env.ARTIFACT_BUCKET,
  deadline: env.DEADLINE_SECONDS,
  usd: env.STAGE_USD,
};

const eventSchema = z.object({
  runId: z.string().min(1).max(128),
  execution: z.string().min(1),
  startedAt: z.iso.datetime({ offset: true }),
  input: z.unknown(),
  items: z.object({ bucket: z.string().optional(), key: z.string() }).nullish(),
  stages: z.array(
    z.object({
      n: z.number().int().nonnegative(),
      agent: z.string(),
      queue: z.url(),
      usd: z.number().positive(),
      by: z.number().positive().max(1),
    }),
  ),
  /** 0 before the barrier, 1 after it. */
  part: z.number().int().nonnegative(),
});

/** The first state of a run, and of its stages after the barrier. Nothing is spent before it returns. */
export const handler = traced('begin-pipeline', async (event: unknown): Promise<PipelineBegun> => {
  const { part, items, startedAt, ...run } = eventSchema.parse(event);
  const joined = part === 0 ? undefined : (items ?? undefined);
  const begun = await beginPipeline(ports, settings, { ...run, startedAt: Date.parse(startedAt), joined });
  if (begun.problem) logger.warn('run.stopped', { runId: run.runId, error: begun.problem.error });
  return begun;
});
