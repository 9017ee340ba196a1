import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Command } from 'commander';
import { z } from 'zod';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { sqsCallbackQueue } from '#adapters/sqs/callback-queue.ts';
import { wakeEveryCallback } from '#core/callbacks/wake.ts';
import { examples } from './api/api-command.ts';
import { fleetEnvironment } from './api/environment.ts';
import { awsError, type Remedies } from './aws-error.ts';
import { localClient } from './fleet/connection.ts';
import { platformOutputs } from './fleet/deployed-outputs.ts';
import { localFleet, OR_REGIONS } from './fleet/local-fleet.ts';
import { outputsOf } from './fleet/outputs.ts';
import {
  inEachRegion,
  namedRegions,
  regionalError,
  type RegionalFleet,
  type RegionOfFleet,
} from './regions/regional-fleet.ts';
import { count } from './terminal/format.ts';
import { terminalOutput, type Output } from './terminal/output.ts';
import { UserError, wrongUsage } from './user-error.ts';

/** Names a deployed fleet by the prefix of its stacks, or by outputs of its platform stack. @default the fleet here */
interface WakeOptions {
  /** @default FLEET_PREFIX */
  readonly prefix?: string;
  readonly table?: string;
  readonly queue?: string;
  /** A fleet of three regions, by its file in `config/`. */
  readonly env?: string;
}

/** Where callbacks are parked, and the queue that they are sent to. */
interface WakePlace {
  readonly table: string;
  readonly queue: string;
  /** The SDK's options. */
  readonly client: Partial<ReturnType<typeof localClient>>;
}

/** Adds `fleet callbacks wake`. */
export function addCallbacks(fleet: Command): void {
  const callbacks = fleet.command('callbacks').description('sends callbacks that wait in the state table');
  callbacks
    .command('wake')
    .description(
      'sends all parked callbacks at once: a receiver works again, or after a rollback to 0.2, which sends none',
    )
    .option('--env <name>', 'a deployed fleet of three regions: config/NAME.json names them')
    .option('--prefix <prefix>', 'a deployed fleet of one region, by the prefix of its stacks (default: FLEET_PREFIX)')
    .option('--table <name>', 'its state table (output StateTable), instead of --prefix')
    .option('--queue <url>', 'its callback queue (output CallbackQueueUrl), instead of --prefix')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      examples(
        'callbacks wake',
        'callbacks wake --table fleet-prod-state --queue https://sqs.us-east-1.amazonaws.com/123456789012/fleet-prod-callbacks',
      ),
    )
    .action(async ({ env, ...options }: WakeOptions & { json?: boolean }) => {
      const { prefix, table, queue } = options;
      const fleet = namedRegions(env, { prefix, table, queue });
      if (fleet !== null) return wakeInRegions(fleet, terminalOutput(options.json ?? false), options.json);
      const { client, ...place } = await findPlace(options);
      const clients = { dynamodb: new DynamoDBClient(client), sqs: new SQSClient(client) };
      await wakeParked(place, terminalOutput(options.json ?? false), options.json, clients);
    });
}

async function findPlace({ table, queue, prefix = fleetEnvironment.prefix }: WakeOptions): Promise<WakePlace> {
  if (table !== undefined && queue !== undefined) return { table, queue, client: {} };
  if (table !== undefined || queue !== undefined)
    throw wrongUsage('Give both --table and --queue, or --prefix.', 'They are outputs of the platform stack.');
  const system = 'platform';
  if (prefix !== undefined) {
    const outputs = await platformOutputs(prefix, ['StateTable', 'CallbackQueueUrl']);
    return { table: outputs.StateTable, queue: outputs.CallbackQueueUrl, client: {} };
  }
  const { outputs, endpoint } = localFleet(
    '--prefix or FLEET_PREFIX (the prefix of its stacks), or --table and --queue',
    undefined,
    OR_REGIONS,
  );
  const { StateTable, CallbackQueueUrl } = outputsOf(outputs, system, localOutputsSchema);
  return { table: StateTable, queue: CallbackQueueUrl, client: localClient(endpoint) };
}

const localOutputsSchema = z.object({ StateTable: z.string(), CallbackQueueUrl: z.string() });

/**
 * `fleet callbacks wake`: sends every parked callback, also those that are not due, since nobody would send them later.
 * It can be repeated. @param clients with the credentials, region and endpoint of the AWS environment by default
 */
export async function wakeParked(
  { table, queue }: Pick<WakePlace, 'table' | 'queue'>,
  output: Output,
  json = false,
  clients = { dynamodb: new DynamoDBClient(), sqs: new SQSClient() },
): Promise<void> {
  if (!URL.canParse(queue))
    throw wrongUsage(`--queue must be a URL, but is "${queue}".`, 'Copy the output CallbackQueueUrl of the platform.');
  try {
    const sent = await wakeEveryCallback({
      store: dynamodbCallbackStore({ table, client: clients.dynamodb }),
      queue: sqsCallbackQueue({ queueUrl: queue, client: clients.sqs }),
      clock: systemClock(),
    });
    show(sent, output, json);
  } catch (error) {
    throw awsError(error, REMEDIES);
  } finally {
    clients.dynamodb.destroy();
    clients.sqs.destroy();
  }
}

/** The same in a fleet of three regions: each region sends those of the homes that it holds, by its own queue. */
export async function wakeInRegions(fleet: RegionalFleet, output: Output, json = false): Promise<void> {
  try {
    const { done, unreached } = await inEachRegion(fleet, (region, index) => wakeIn(fleet, region, index));
    const sent = done.reduce((sum, each) => sum + each.sent, 0);
    show(sent, output, json);
    const unheld = fleet.regions.filter((_, home) => !done.some(({ homes }) => homes.includes(home)));
    if (unheld.length === 0) return;
    const names = unheld.map(({ name }) => name).join(', ');
    const reasons = unreached.map(({ region, problem }) => ` ${region} was not reached: ${problem}.`).join('');
    throw new UserError(
      `Callbacks of the home ${names} stay parked, since no region that was reached holds it.${reasons}`,
      'A takeover takes up to 45 seconds: run the command again then.',
    );
  } catch (error) {
    throw awsError(regionalError(error, fleet), REMEDIES, fleet.environment === null);
  } finally {
    fleet.close();
  }
}

/** Sends those of one region. Returns how many, and the homes that it holds. */
async function wakeIn(fleet: RegionalFleet, { options, callbackQueue }: RegionOfFleet, index: number) {
  const parts = fleet.partsIn(index);
  const client = new SQSClient(options);
  try {
    const homes = (await parts.holders.heldHere()).map(({ home }) => home);
    const sent = await wakeEveryCallback({
      store: dynamodbCallbackStore({ table: fleet.stateTable, parts }),
      queue: sqsCallbackQueue({ queueUrl: await callbackQueue(), client }),
      clock: systemClock(),
    });
    return { sent, homes };
  } finally {
    client.destroy();
  }
}

function show(sent: number, output: Output, json: boolean): void {
  if (json) output.json({ sent });
  else output.line(sent === 0 ? 'No callback is parked.' : `Sent ${count(sent, 'parked callback')}.`);
}

const REMEDIES: Remedies = {
  ResourceNotFoundException: 'Check --table against the output StateTable of the platform stack, and the region.',
  QueueDoesNotExist: 'Check --queue against the output CallbackQueueUrl of the platform stack, and the region.',
  AccessDeniedException: 'Use credentials that may read and change the state table and send to the callback queue.',
  AccessDenied: 'Use credentials that may read and change the state table and send to the callback queue.',
};
