import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Reports } from '#core/ports/reports.ts';
import { s3 } from './client.ts';

/** Where the executions of a workflow write their reports: `runs/<run>/<report>…`. */
export interface ReportLocation {
  /** The name of the state machine. */
  readonly workflow: string;
  readonly bucket: string;
  /** The beginning of the names of the files, such as `report.` or `brief/`. */
  readonly report: string;
}

export interface S3ReportsOptions {
  readonly places: readonly ReportLocation[];
  /** @default the process's shared client */
  readonly client?: S3Client;
}

const VALID_SECONDS = 900;
/** A page of a listing. With some 1.5 KB for a link, they fit into an answer of a function, which has 6 MB at most. */
const MAX_FILES = 1_000;

/**
 * Finds the files of reports in S3 and presigns links to them. A report quotes documents, so a link only ever downloads:
 * nothing of it is shown as a page. Requires `s3:ListBucket`, and `s3:GetObject` for whoever follows a link.
 */
export function s3Reports({ places, client = s3() }: S3ReportsOptions): Reports {
  return {
    async filesOf({ id, execution }) {
      const place = places.find(({ workflow }) => workflow === workflowOf(execution));
      if (place === undefined) return { files: [], complete: true };
      const folder = `runs/${id}/`;
      const { bucket: Bucket, report } = place;
      const listed = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix: `${folder}${report}`, MaxKeys: MAX_FILES }),
      );
      const files = await Promise.all(
        (listed.Contents ?? []).map(async ({ Key = '', Size = 0, LastModified }) => ({
          name: Key.slice(folder.length),
          size: Size,
          modifiedAt: LastModified?.getTime() ?? 0,
          url: await getSignedUrl(client, download(Bucket, Key), { expiresIn: VALID_SECONDS }),
          expiresAt: Date.now() + VALID_SECONDS * 1_000,
        })),
      );
      return { files, complete: listed.IsTruncated !== true };
    },
  };
}

/** `arn:aws:states:REGION:ACCOUNT:execution:WORKFLOW:RUN` */
const workflowOf = (execution: string): string | undefined => execution.split(':')[6];

const download = (Bucket: string, Key: string): GetObjectCommand =>
  new GetObjectCommand({
    Bucket,
    Key,
    ResponseContentType: 'application/octet-stream',
    ResponseContentDisposition: `attachment; filename="${(Key.split('/').at(-1) ?? '').replaceAll(/[^\w.-]/g, '_')}"`,
  });
