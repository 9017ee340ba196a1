import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { CloudEvent } from '@agent-fleet/local-cloud';
import type { Table } from '#adapters/dynamodb/conditional-put.ts';
import { bootFleet, type BootedFleet } from '#cli/fleet/boot.ts';
import { connect, localClient } from '#cli/fleet/connection.ts';
import { requireNoRegions } from '#cli/fleet/one-region.ts';
import { outputsOf, type FleetOutputs } from '#cli/fleet/outputs.ts';
import { FLEET_HOME } from '#cli/fleet/paths.ts';
import type { CliSystem } from '#cli/system.ts';
import type { Output } from '#cli/terminal/output.ts';

/** The simulated model takes this long to begin an answer, as the real one does. */
const LATENCY_MS = 800;
const DRAIN_MS = 5_000;
/** For closing as a whole. The program ends then, whatever still runs. */
const CLOSE_MS = 30_000;

const outputsSchema = z.object({
  MarketTable: z.string(),
  RejectedBucket: z.string(),
  Stream: z.string(),
  ClockFunction: z.string(),
});

/** The market monitor of a fleet on this machine. */
export interface MarketOfFleet {
  readonly table: Table;
  readonly stream: string;
  readonly clockFunction: string;
  /** Has what the router set aside. */
  readonly rejectedBucket: string;
  readonly s3: S3Client;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  close(): void;
}

/** Connects to the market monitor of a fleet. Throws a `UserError` if it does not have it. */
export function marketOf(endpoint: string, outputs: FleetOutputs): MarketOfFleet {
  const { MarketTable, RejectedBucket, Stream, ClockFunction } = outputsOf(outputs, 'market-monitor', outputsSchema);
  const connection = connect(endpoint);
  const kinesis = new KinesisClient(localClient(endpoint));
  const lambda = new LambdaClient(localClient(endpoint));
  return {
    table: { client: connection.dynamodb, table: MarketTable },
    stream: Stream,
    clockFunction: ClockFunction,
    rejectedBucket: RejectedBucket,
    s3: connection.s3,
    kinesis,
    lambda,
    close() {
      connection.close();
      kinesis.destroy();
      lambda.destroy();
    },
  };
}

export interface OwnFleetOptions {
  /** Of the folder of its data. */
  readonly name: string;
  readonly notes: Output;
  /** Receives every event of its cloud. */
  readonly onEvent: (event: CloudEvent) => void;
}

export interface OwnFleet {
  readonly fleet: BootedFleet;
  readonly market: MarketOfFleet;
}

/** Boots a fleet with an empty memory for as long as `act` takes, since a day that was played before would be no news. */
export async function withOwnFleet<Result>(
  systems: readonly CliSystem[],
  { name, notes, onEvent }: OwnFleetOptions,
  act: (own: OwnFleet) => Promise<Result>,
): Promise<Result> {
  requireNoRegions();
  const dataDir = join(FLEET_HOME, 'runs', name);
  await rm(dataDir, { recursive: true, force: true });
  const settings = { systems: 'market-monitor' };
  const options = { dataDir, port: 0, latencyMs: LATENCY_MS, apiKey: null, settings, onEvent };
  const fleet = await bootFleet(systems, options, notes);
  const market = marketOf(fleet.endpoint, fleet.outputs);
  try {
    return await act({ fleet, market });
  } finally {
    market.close();
    const waiting = new AbortController();
    const timer = delay(CLOSE_MS, false, { signal: waiting.signal }).catch(() => false);
    const isClosed = await Promise.race([fleet.close(DRAIN_MS).then(() => true), timer]);
    waiting.abort();
    if (isClosed) await rm(dataDir, { recursive: true, force: true });
  }
}
