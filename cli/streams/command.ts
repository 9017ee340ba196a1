import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import { examples } from '../api/api-command.ts';
import { awsError, type Remedies } from '../aws-error.ts';
import { count } from '../terminal/format.ts';
import { terminalOutput } from '../terminal/output.ts';
import { setAsideIn, type SetAside } from './objects.ts';
import { invokeRouter } from './invoke-router.ts';
import { redrive } from './redrive.ts';

interface ListOptions {
  readonly bucket: string;
  readonly json?: boolean;
}
interface RedriveOptions extends ListOptions {
  readonly function: string;
  readonly table: string;
}

/** Adds `fleet streams list|redrive`. */
export function addStreams(fleet: Command): void {
  const streams = fleet
    .command('streams')
    .description('shows what the routers of streams set aside, and sends it again');
  streams
    .command('list')
    .description('lists the records and effects that were set aside')
    .requiredOption('--bucket <name>', 'the bucket of what is set aside (an output of the system’s stack)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', examples('streams list --bucket BUCKET'))
    .action(listSetAside);
  streams
    .command('redrive')
    .argument('<name>', 'the router’s name')
    .description('has the router route what was set aside again, and lets failed effects be performed again')
    .requiredOption('--bucket <name>', 'the bucket of what is set aside (an output of the system’s stack)')
    .requiredOption('--function <name>', 'the router’s function (an output of the system’s stack)')
    .requiredOption('--table <name>', 'the table of the router’s subjects (an output of the system’s stack)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', examples('streams redrive market --bucket BUCKET --function FUNCTION --table TABLE'))
    .action(redriveAll);
}

async function listSetAside({ bucket, json = false }: ListOptions): Promise<void> {
  const s3 = new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  const output = terminalOutput(json);
  try {
    const found: SetAside[] = await Array.fromAsync(setAsideIn(s3, bucket));
    if (json) return output.json({ setAside: found });
    if (found.length === 0) return output.line('Nothing is set aside.');
    for (const { key, bytes, kind } of found)
      output.line(`${kind.padEnd(9)} ${String(bytes).padStart(9)} bytes  ${key}`);
  } catch (error) {
    throw awsError(error, REMEDIES);
  } finally {
    s3.destroy();
  }
}

async function redriveAll(
  name: string,
  { bucket, function: routerFunction, table, json = false }: RedriveOptions,
): Promise<void> {
  const s3 = new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  const [lambda, client] = [new LambdaClient(), new DynamoDBClient()];
  const output = terminalOutput(json);
  try {
    const subjects = dynamodbSubjectStore({ table, router: name, client });
    const route = invokeRouter(lambda, routerFunction);
    const done = await redrive({ s3, route, subjects, now: Date.now() }, { bucket, router: name });
    if (done.kept.length > 0) process.exitCode = 1;
    if (json) return output.json(done);
    output.line(`Routed ${count(done.records, 'record')} and ${count(done.effects, 'effect')} again.`);
    for (const { key, reason } of done.kept) output.line(`Kept ${key}: ${reason}`);
  } catch (error) {
    throw awsError(error, REMEDIES);
  } finally {
    for (const each of [s3, lambda, client]) each.destroy();
  }
}

const REMEDIES: Remedies = {
  NoSuchBucket: 'Check --bucket against the outputs of the system’s stack, and the region.',
  ResourceNotFoundException: 'Check --function and --table against the outputs of the system’s stack, and the region.',
};
