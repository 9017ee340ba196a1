import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { s3AuditReader } from '#adapters/s3/audit-reader.ts';
import type { VerifierPorts } from '#core/audit/verify-task.ts';
import { connect } from '../fleet/connection.ts';
import { localFleet } from '../fleet/local-fleet.ts';
import { outputsOf, platformOutputsSchema } from '../fleet/outputs.ts';
import type { RunningFleet } from '../fleet/registry.ts';
import { wrongUsage } from '../user-error.ts';

/** Names the trail of a deployed fleet by the outputs of its platform stack. @default the fleet on this machine */
export interface TrailOptions {
  readonly bucket?: string | undefined;
  readonly table?: string | undefined;
}

export interface OpenTrail extends VerifierPorts {
  close(): void;
}

/** Throws a `UserError` if there is no trail to read. */
export function openTrail({ bucket, table }: TrailOptions, running?: () => RunningFleet | null): OpenTrail {
  if (bucket !== undefined) return deployed(bucket, table);
  if (table !== undefined) throw wrongUsage('--table needs --bucket.', 'Give both outputs of the platform stack.');
  const fleet = localFleet(
    '--bucket and --table (outputs AuditBucket and StateTable of its platform stack)',
    running?.(),
  );
  const { AuditBucket, StateTable } = outputsOf(fleet.outputs, 'platform', platformOutputsSchema);
  const connection = connect(fleet.endpoint);
  return {
    reader: s3AuditReader({ bucket: AuditBucket, client: connection.s3 }),
    store: dynamodbTaskStore({ table: StateTable, client: connection.dynamodb }),
    ids: nodeIds(),
    close: () => connection.close(),
  };
}

/** With credentials, region and endpoint from the AWS environment. */
function deployed(bucket: string, table: string | undefined): OpenTrail {
  const s3 = new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  const dynamodb = new DynamoDBClient();
  return {
    reader: s3AuditReader({ bucket, client: s3 }),
    store: table === undefined ? null : dynamodbTaskStore({ table, client: dynamodb }),
    ids: nodeIds(),
    close() {
      s3.destroy();
      dynamodb.destroy();
    },
  };
}
