import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Command } from 'commander';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { sqsCallbackQueue } from '#adapters/sqs/callback-queue.ts';
import { wakeEveryCallback } from '#core/callbacks/wake.ts';
import { examples } from './api/api-command.ts';
import { awsError, type Remedies } from './aws-error.ts';
import { count } from './terminal/format.ts';
import { terminalOutput, type Output } from './terminal/output.ts';
import { wrongUsage } from './user-error.ts';

/** Names a deployed fleet by outputs of its platform stack. */
interface WakeOptions {
  readonly table: string;
  readonly queue: string;
}

/** Adds `fleet callbacks wake`. */
export function addCallbacks(fleet: Command): void {
  const callbacks = fleet.command('callbacks').description('sends callbacks that wait in the state table');
  callbacks
    .command('wake')
    .description('sends all parked callbacks at once, after a rollback to a release that sends none (0.2)')
    .requiredOption('--table <name>', 'the state table of a deployed fleet (output StateTable)')
    .requiredOption('--queue <url>', 'its callback queue (output CallbackQueueUrl)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      examples(
        'callbacks wake --table fleet-prod-state --queue https://sqs.us-east-1.amazonaws.com/123456789012/fleet-prod-callbacks',
      ),
    )
    .action((options: WakeOptions & { json?: boolean }) =>
      wakeParked(options, terminalOutput(options.json ?? false), options.json),
    );
}

/**
 * `fleet callbacks wake`: sends every parked callback, also those that are not due, since nobody would send them later.
 * It can be repeated. Clients use the credentials, region and endpoint of the AWS environment.
 */
export async function wakeParked(
  { table, queue }: WakeOptions,
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
    if (json) return output.json({ sent });
    output.line(sent === 0 ? 'No callback is parked.' : `Sent ${count(sent, 'parked callback')}.`);
  } catch (error) {
    throw awsError(error, REMEDIES);
  } finally {
    clients.dynamodb.destroy();
    clients.sqs.destroy();
  }
}

const REMEDIES: Remedies = {
  ResourceNotFoundException: 'Check --table against the output StateTable of the platform stack, and the region.',
  QueueDoesNotExist: 'Check --queue against the output CallbackQueueUrl of the platform stack, and the region.',
  AccessDeniedException: 'Use credentials that may read and change the state table and send to the callback queue.',
  AccessDenied: 'Use credentials that may read and change the state table and send to the callback queue.',
};
