import { ServiceError } from '../service.ts';

/** Where a stream is. Error messages of Kinesis name the account. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export const invalidArgument = (message: string): ServiceError => new ServiceError('InvalidArgumentException', message);

export const invalidIterator = (): ServiceError => invalidArgument('Invalid ShardIterator.');

export const noSuchStream = (name: string, { account }: Place): ServiceError =>
  new ServiceError('ResourceNotFoundException', `Stream ${name} under account ${account} not found.`);

export const noSuchShard = (shardId: string, name: string, { account }: Place): ServiceError =>
  new ServiceError(
    'ResourceNotFoundException',
    `Could not find shard ${shardId} in stream ${name} under account ${account}.`,
  );

export const rateExceeded = (shardId: string, name: string, { account }: Place): ServiceError =>
  new ServiceError(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for shard ${shardId} in stream ${name} under account ${account}.`,
  );
