import { KinesisClient } from '@aws-sdk/client-kinesis';
import { z } from 'zod';
import { localClient } from '#cli/fleet/connection.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { UserError } from '#cli/user-error.ts';

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
  const fleet = findRunningFleet();
  if (fleet === null) {
    throw new UserError(
      'No fleet is running on this machine.',
      'Start one with npm start, or name the stream of a deployed one with --stream (output Stream of its stack).',
    );
  }
  const { Stream } = outputsOf(fleet.outputs, 'market-monitor', outputsSchema);
  return { kinesis: new KinesisClient(localClient(fleet.endpoint)), stream: Stream };
}
