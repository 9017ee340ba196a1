import { recordsSince } from '#adapters/kinesis/records-since.ts';
import { awsError, type Remedies } from '#cli/aws-error.ts';
import { parseOptions } from '#cli/parse-options.ts';
import { timeOption } from '#cli/tasks/time-option.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { z } from 'zod';
import { targetOf } from '../market/feed/target.ts';
import { textOf } from './read-file.ts';

/** Where past events come from: a file, or what the stream has kept. */
export interface PastEventsOptions {
  readonly events?: string | undefined;
  readonly since?: string | undefined;
  readonly stream?: string | undefined;
  readonly table?: string | undefined;
}

/** Past events as JSON, one CloudEvent each. Throws wrong usage unless there is one source of them. */
export async function pastEvents({ events, since, stream, table }: PastEventsOptions): Promise<readonly string[]> {
  if ((events === undefined) === (since === undefined))
    throw wrongUsage(
      'Past events come from one place.',
      'Give --events FILE, or --since 24h for what the stream has kept.',
    );
  if (events !== undefined) return textOf(events).split('\n');
  if (table !== undefined && stream === undefined)
    throw wrongUsage('--since of a deployed fleet needs its stream.', 'Give --stream (output Stream of its stack).');
  const from = Date.parse(parseOptions(z.object({ since: timeOption }), { since }, 'rules test').since);
  return kept(stream, from);
}

async function kept(stream: string | undefined, from: number): Promise<string[]> {
  const target = targetOf(stream);
  try {
    const records = await recordsSince(target.kinesis, target.stream, from);
    return records.map(({ bytes }) => Buffer.from(bytes).toString('utf8').replaceAll('\n', ' '));
  } catch (error) {
    throw awsError(error, REMEDIES, stream === undefined);
  } finally {
    target.kinesis.destroy();
  }
}

const REMEDIES: Remedies = {
  AccessDeniedException:
    'Use credentials that may call kinesis:ListShards, GetShardIterator and GetRecords on the stream.',
  ResourceNotFoundException: 'Give the output Stream of the market monitor’s stack with --stream.',
  InvalidArgumentException: 'Give --since a time in the past.',
};
