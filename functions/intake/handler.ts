import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { homesHere } from '#adapters/aws/regions.ts';
import { dynamodbUploadStore } from '#adapters/dynamodb/upload-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { s3UploadManifests } from '#adapters/s3/upload-manifests.ts';
import { sqsIntakeQueue } from '#adapters/sqs/intake-queue.ts';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { runIdHere } from '#core/regions/home.ts';
import { LATE_REMEDY } from '#core/uploads/choose-documents.ts';
import { intakeMessageSchema, mergeNews, newsOf } from '#core/uploads/events.ts';
import { intake, type UploadNews } from '#core/uploads/intake.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { parseJson } from '#runtime/parse/json.ts';
import { traced } from '#runtime/observability/traced.ts';
import { intakeEnv } from './env.ts';

const env = parseEnv(intakeEnv);
const ports = {
  uploads: dynamodbUploadStore({ table: env.STATE_TABLE }),
  manifests: s3UploadManifests({ bucket: env.ARTIFACT_BUCKET }),
  runs: stepFunctionsRuns({ stateMachineArn: env.STATE_MACHINE_ARN }),
  queue: sqsIntakeQueue({ queueUrl: env.INTAKE_QUEUE_URL }),
  clock: systemClock(),
  ids: nodeIds(),
  quietMs: env.QUIET_SECONDS * 1_000,
};

/** Starts runs from S3's events. Only the messages of uploads that failed return to the queue. */
export const handler = traced('intake', takeIn);

async function takeIn(event: SQSEvent): Promise<SQSBatchResponse> {
  const failed = new Set<string>();
  const read = event.Records.map((record) => ({ record, news: readRecord(record) }));
  for (const { record, news } of read) if (!news) failed.add(record.messageId);
  const messagesOf = (uploadId: string) => read.filter(({ news }) => news?.some((item) => item.uploadId === uploadId));
  for (const news of mergeNews(read.flatMap((item) => item.news ?? []))) {
    try {
      const { started, late } = await intake(ports, news);
      if (started) logger.info('run.started', { uploadId: news.uploadId, runId: runIdHere(homesHere(), started) });
      if (late) logger.warn('upload.late', { uploadId: news.uploadId, remedy: LATE_REMEDY });
    } catch (error) {
      logger.error('intake.failed', { uploadId: news.uploadId, error: error as Error });
      for (const { record } of messagesOf(news.uploadId)) failed.add(record.messageId);
    }
  }
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Returns null for a message that is not an upload event. It ends in the dead-letter queue, where a person finds it. */
function readRecord(record: SQSRecord): readonly UploadNews[] | null {
  const message = intakeMessageSchema.safeParse(parseJson(record.body));
  if (message.success) return newsOf(message.data);
  logger.error('message.refused', { messageId: record.messageId, problems: message.error.issues });
  return null;
}
