import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { UserError } from '#cli/user-error.ts';
import { spentBefore, type Retry } from '#core/runs/retry-limit.ts';
import type { UploadManifest } from '#core/uploads/upload-manifest.ts';
import { contractAnalyst } from '../agents/contract-analyst.ts';
import type { DocumentsConnection } from './connection.ts';
import { askFirst, MAX_DOCUMENTS_UNASKED, MAX_USD_UNASKED, type Consent } from './consent.ts';

/** What a retry of the failed documents of a run may come to. */
export interface RetryCost {
  /** Documents that did not succeed. */
  readonly failed: number;
  /** What is left of the limit of the upload, in US dollars. Infinity: it has none. */
  readonly leftUsd: number;
  /** The most that one document may cost. */
  readonly eachUsd: number;
}

const reportSchema = z.object({ documents: z.array(z.object({ status: z.string() })) });

/** Reads what a retry may come to. Throws a `UserError` when nothing is left of the limit. */
export async function costOfRetry(
  connection: DocumentsConnection,
  runId: string,
  of: Retry,
  { documents = 0, maxUsd, maxUsdPerDocument = Infinity }: UploadManifest,
): Promise<RetryCost> {
  const { dynamodb, s3, outputs } = connection;
  const store = dynamodbTaskStore({ client: dynamodb, table: outputs.StateTable });
  const { usd } = maxUsd === undefined ? { usd: 0 } : await spentBefore(store, of);
  if (maxUsd !== undefined && usd >= maxUsd)
    throw new UserError(
      `The runs of the upload have cost $${usd.toFixed(2)}, and its limit is $${maxUsd}. Nothing was started.`,
      'Put the failed documents into a folder, and start a run over it with a limit of its own (--max-usd).',
    );
  const read = new GetObjectCommand({ Bucket: outputs.UploadBucket, Key: `runs/${runId}/report.json` });
  const stored = await s3.send(read).catch(unlessMissing);
  const report = stored && reportSchema.parse(JSON.parse((await stored.Body?.transformToString()) ?? ''));
  const failed = report?.documents.filter(({ status }) => status !== 'succeeded').length;
  const eachUsd = Math.min(contractAnalyst.budget.usd, maxUsdPerDocument);
  return { failed: failed ?? documents, leftUsd: (maxUsd ?? Infinity) - usd, eachUsd };
}

/** Asks before a retry that is as large as a run before which `fleet documents` asks. @param real whether a model costs money */
export async function agreeToRetry(
  { failed, leftUsd, eachUsd }: RetryCost,
  real: boolean,
  consent: Consent,
): Promise<void> {
  const mostUsd = Math.min(leftUsd, failed * eachUsd);
  if (failed > MAX_DOCUMENTS_UNASKED)
    await askFirst(`The run has ${failed.toLocaleString('en-US')} documents to retry.`, consent);
  if (real && mostUsd > MAX_USD_UNASKED) await askFirst(`The retry may cost up to $${mostUsd.toFixed(2)}.`, consent);
}

function unlessMissing(error: unknown): null {
  if (error instanceof NoSuchKey) return null;
  throw error;
}
