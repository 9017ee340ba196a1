import { join } from 'node:path';
import { z } from 'zod';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { startLocalCloud, type LocalCloud, type WatchCalls } from '@agent-fleet/local-cloud';
import { localClient, localCredentials } from '../../fleet/connection.ts';
import { apiPlace, outputsBySystem } from '../../fleet/outputs.ts';
import { UserError } from '../../user-error.ts';
import { appendTo } from '../lease-history/lines.ts';
import { recordCalls } from '../lease-history/record-calls.ts';
import type { FromRegion, RegionSpec, ToRegion } from './messages.ts';

/** One region of a fleet on this machine: its cloud, in a process that can be killed without the others. */
const DRAIN_MS = 5_000;

let cloud: Promise<LocalCloud> | undefined;

function tell(message: FromRegion): void {
  // Without a parent nobody listens, and this process is about to close.
  if (process.connected) process.send?.(message);
}

function start(spec: RegionSpec): Promise<LocalCloud> {
  const { assembly, stacks, dataDir, port, apiPort, environment, region: here, peers, secret } = spec;
  return startLocalCloud({
    assembly,
    stacks,
    dataDir,
    codeCache: join(assembly, '.code-cache'),
    port,
    apiPort,
    credentials: localCredentials(),
    secrets: { 'model-api-key': 'simulated' },
    environment,
    regions: { here, peers, secret },
    watchCalls: watcherOf(spec),
    onEvent(event) {
      if (event.code === 'resource.created') tell({ kind: 'about', text: `${event.stack}, ${event.logicalId}` });
    },
  });
}

function watcherOf({ leaseHistory, name, region, peers }: RegionSpec): WatchCalls | undefined {
  if (leaseHistory === undefined) return undefined;
  const names = new Map([[region, name], ...peers.map((peer) => [peer.region, peer.name] as const)]);
  return recordCalls(appendTo(leaseHistory), name, (of) => names.get(of) ?? of);
}

/** A schedule starts the keeper each minute. Here it starts at once, as a region does not rest when this process begins. */
async function startKeeper({ resources, endpoint }: LocalCloud, region: string): Promise<void> {
  const keeper = resources.find(
    ({ type, properties }) => type === 'AWS::Lambda::Function' && keeperSchema.safeParse(properties).success,
  );
  if (keeper === undefined) return;
  const lambda = new LambdaClient(localClient(endpoint, region));
  await lambda.send(new InvokeCommand({ FunctionName: keeper.ref, InvocationType: 'Event', Payload: '{}' }));
  lambda.destroy();
}

/** By its variables: only the keeper knows all agents and the regions. */
const keeperSchema = z.looseObject({
  Environment: z.looseObject({ Variables: z.looseObject({ AGENTS: z.string(), REGIONS: z.string() }) }),
});

async function run(spec: RegionSpec): Promise<void> {
  try {
    cloud = start(spec);
    const { endpoint, outputs } = await cloud;
    await startKeeper(await cloud, spec.region);
    tell({ kind: 'up', endpoint, api: apiPlace(outputsBySystem(outputs)), outputs });
  } catch (error) {
    const remedy =
      error instanceof UserError ? error.remedy : 'Look at the message; npm run fleet -- global up tries again.';
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error), remedy });
    process.exitCode = 1;
    process.disconnect();
  }
}

let closing = false;
async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  await cloud?.then((started) => started.close({ drainMs: DRAIN_MS })).catch(() => undefined);
  process.exit();
}

process.on('message', (message: ToRegion) => {
  if (message.kind === 'start') void run(message.spec);
  else void close();
});
process.on('disconnect', () => void close());
process.on('SIGTERM', () => void close());
// Ctrl-C goes to the whole group; the parent decides in which order it ends.
process.on('SIGINT', () => undefined);
