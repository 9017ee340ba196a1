import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { endOfRun, need, putSamples, reportSchema, type DocumentOptions, type Report } from '../document.ts';
import { DOCUMENTS, USD_PER_DOCUMENT } from './plan.ts';

const UPLOAD = 'check-aws';
const PATIENCE_SECONDS = 900;

/** Runs the sample documents by the deployed Distributed Map, and reads the report. */
export async function runDocuments(
  options: Omit<DocumentOptions, 'claude'>,
  withModel: boolean,
): Promise<Report['totals']> {
  const { clients, outputs, findings } = options;
  const Bucket = need(outputs, 'UploadBucket');
  await putSamples(clients, Bucket, UPLOAD, DOCUMENTS);
  const manifest = JSON.stringify({ maxUsdPerDocument: USD_PER_DOCUMENT });
  await clients.s3.send(new PutObjectCommand({ Bucket, Key: `uploads/${UPLOAD}/_manifest.json`, Body: manifest }));
  const { status, error } = await endOfRun(options, UPLOAD, PATIENCE_SECONDS);
  findings.expect(
    'run of the documents',
    status === 'SUCCEEDED',
    `${status}${error === undefined ? '' : `: ${error}`}`,
  );
  const read = await clients.s3.send(new GetObjectCommand({ Bucket, Key: `runs/${UPLOAD}/report.json` }));
  const { totals } = reportSchema.parse(JSON.parse((await read.Body?.transformToString()) ?? ''));
  const good = withModel ? totals.succeeded === DOCUMENTS : totals.failed === DOCUMENTS;
  const reasons = JSON.stringify(totals.failuresByReason);
  findings.expect(
    'Distributed Map → workers → report',
    totals.documents === DOCUMENTS && good,
    `${totals.documents} documents, ${totals.succeeded} succeeded, ${totals.failed} failed ${reasons}`,
  );
  return totals;
}
