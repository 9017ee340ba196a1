import { z } from 'zod';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { s3UploadManifests } from '#adapters/s3/upload-manifests.ts';
import { beginRun, type RunBegun } from '#core/runs/begin-run.ts';
import { LATE_REMEDY } from '#core/uploads/choose-documents.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { beginRunEnv } from './env.ts';

const env = parseEnv(beginRunEnv);
const ports = {
  runs: dynamodbRunStore({ table: env.STATE_TABLE }),
  store: dynamodbTaskStore({ table: env.STATE_TABLE }),
  manifests: s3UploadManifests({ bucket: env.ARTIFACT_BUCKET }),
  artifacts: s3Artifacts(),
  bucket: env.ARTIFACT_BUCKET,
  clock: systemClock(),
};

const inputSchema = z.object({
  runId: z.string().min(1).max(128),
  uploadId: z.string().min(1),
  retry: z.number().int().nonnegative().default(0),
  execution: z.string().min(1),
});

/** The first state of a run. Nothing is spent before it returns. */
export const handler = traced('begin-run', async (input: unknown): Promise<RunBegun> => {
  const run = inputSchema.parse(input);
  const begun = await beginRun(ports, { ...run, tenant: env.TENANT });
  if (begun.late > 0)
    logger.warn('upload.late', {
      uploadId: run.uploadId,
      runId: run.runId,
      documents: begun.late,
      remedy: LATE_REMEDY,
    });
  if (begun.problem) logger.warn('run.stopped', { runId: run.runId, error: begun.problem.error });
  return begun;
});
