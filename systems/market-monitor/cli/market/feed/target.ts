import { KinesisClient } from '@aws-sdk/client-kinesis';
import { z } from 'zod';
import { localClient } from '#cli/fleet/connection.ts';
import { localFleet } from '#cli/fleet/local-fleet.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';

/** Where events go. */
export interface Target {
  readonly kinesis: KinesisClient;
  readonly stream: string;
}

const outputsSchema = z.object({ Stream: z.string() });

/**
 * The stream of a deployed market monitor, with credentials, region and endpoint from the AWS environment, or that of the fleet
 * on this machine. Throws a `UserError` if none runs here.
 */
export function targetOf(stream: string | undefined): Target {
  if (stream !== undefined) return { kinesis: new KinesisClient(), stream };
  const fleet = localFleet('--stream (output Stream of its stack)');
  const { Stream } = outputsOf(fleet.outputs, 'market-monitor', outputsSchema);
  return { kinesis: new KinesisClient(localClient(fleet.endpoint)), stream: Stream };
}
