import { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { rejectedRecords, type Rejected } from '#adapters/s3/rejected-records.ts';
import { awsError, type Remedies } from '#cli/aws-error.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { localFleet } from '#cli/fleet/local-fleet.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { count } from '#cli/terminal/format.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { table } from '#cli/terminal/table.ts';
import { ROUTER } from '../../router/name.ts';
import { reasonsOf, reasonWords, rejectedView, type RejectedView } from '../../set-aside/view.ts';
import type { RejectedOptions } from './options.ts';

/** Records whose reasons are counted. */
const MAX_RECORDS = 10_000;

/** `fleet market rejected`: what the router set aside, without its text. */
export async function rejectedCommand({ since, limit, details, bucket, json }: RejectedOptions): Promise<void> {
  const output = terminalOutput(json);
  const { records, isComplete } = await read(since, bucket);
  const shown = records.slice(0, limit).map((each) => rejectedView(each, details));
  const reasons = reasonsOf(records);
  if (json) return output.json({ records: shown, count: records.length, reasons, isComplete });
  if (records.length === 0) return output.line(`Nothing was set aside since ${since}.`);
  print(output, shown, details);
  const more = records.length - shown.length;
  if (more > 0) output.line(`and ${more.toLocaleString('en-US')} more: --limit shows more of them.`);
  const atLeast = isComplete ? '' : 'at least ';
  output.line(`Set aside since ${since}: ${atLeast}${count(records.length, 'record')} (${reasonWords(reasons)}).`);
  if (!details) output.line('--details says what is wrong with each. It may quote the record, which a stranger wrote.');
}

function print(output: Output, records: readonly RejectedView[], details: boolean): void {
  const rows = records.map((each) => [
    each.arrivedAt.slice(0, 19).replace('T', ' '),
    each.reason,
    each.subject ?? '',
    `${each.partition}/${each.position}`,
    String(each.bytes),
    ...(details ? [each.detail ?? ''] : []),
  ]);
  output.line(table(details ? [...COLUMNS, DETAIL] : COLUMNS, rows, process.stdout.columns));
}

const COLUMNS = [
  { name: 'arrived (UTC)' },
  { name: 'reason' },
  { name: 'subject' },
  { name: 'position' },
  { name: 'bytes', align: 'right' },
] as const;
const DETAIL = { name: 'what is wrong', flexible: true } as const;

async function read(since: string, bucket: string | undefined): Promise<Rejected> {
  const place = bucket === undefined ? local() : { client: deployed(), bucket };
  try {
    return await rejectedRecords({
      ...place,
      router: ROUTER,
      since: Date.parse(since),
      now: Date.now(),
      maxRecords: MAX_RECORDS,
    });
  } catch (error) {
    throw awsError(error, REMEDIES, bucket === undefined);
  } finally {
    place.client.destroy();
  }
}

/** A custom endpoint needs path-style URLs. */
const deployed = (): S3Client => new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });

const outputsSchema = z.object({ RejectedBucket: z.string() });

function local(): { readonly client: S3Client; readonly bucket: string } {
  const fleet = localFleet('--bucket (output RejectedBucket of its stack)');
  const { RejectedBucket } = outputsOf(fleet.outputs, 'market-monitor', outputsSchema);
  return { client: new S3Client({ ...localClient(fleet.endpoint), forcePathStyle: true }), bucket: RejectedBucket };
}

const REMEDIES: Remedies = {
  AccessDenied: 'Use credentials that may call s3:ListBucket and s3:GetObject on the bucket.',
  NoSuchBucket: 'Give the output RejectedBucket of the market monitor’s stack with --bucket.',
};
