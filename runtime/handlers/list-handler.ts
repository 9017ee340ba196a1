import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { homesHere } from '#adapters/aws/regions.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import { takeList, type ReadListText } from '#core/runs/take-list.ts';
import { createdObjects, notificationSchema, type CreatedObject } from '#core/uploads/events.ts';
import { startListRunEnv } from '#functions/start-list-run/env.ts';
import { logger, metrics } from '../observability/telemetry.ts';
import { traced } from '../observability/traced.ts';
import { parseEnv } from '../parse/env.ts';
import { parseJson } from '../parse/json.ts';
import { lazily } from './lazily.ts';

/**
 * The Lambda handler that starts a run of a pipeline for each list that is put into the bucket. A message that fails comes
 * again, and after some tries goes to the dead-letter queue. A list that cannot be read is refused beside it, and counted.
 */
export const listHandler = (read: ReadListText) =>
  lazily(() => {
    const env = parseEnv(startListRunEnv);
    const ports = {
      artifacts: s3Artifacts(),
      runs: stepFunctionsRuns<object>({ stateMachineArn: env.STATE_MACHINE_ARN }),
      ids: nodeIds(),
      homes: homesHere(),
    };
    const settings = {
      bucket: env.ARTIFACT_BUCKET,
      lists: env.LISTS,
      items: env.LIST_ITEMS,
      workflow: env.WORKFLOW,
      zone: env.ZONE,
      maxUsd: env.MAX_USD,
    };
    const take = async ({ key, at, size }: CreatedObject): Promise<void> => {
      const taken = await takeList(ports, settings, read, { key, putAt: at, size });
      if (taken.state === 'started') return logger.info('list.started', { key, runId: taken.runId });
      metrics.addMetric('ListsRefused', MetricUnit.Count, 1);
      logger.warn('list.refused', { key, problem: taken.problem });
    };
    return traced('start-list-run', async (event: SQSEvent): Promise<SQSBatchResponse> => {
      const failed: string[] = [];
      for (const { messageId, body } of event.Records) {
        try {
          for (const object of createdObjects(notificationSchema.parse(parseJson(body)))) await take(object);
        } catch (error) {
          logger.error('list.failed', { messageId, error: error as Error });
          failed.push(messageId);
        }
      }
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    });
  });
