import { streamOfIterator } from '../../services/kinesis/iterator.ts';
import type { Names, PermissionsOf, PermissionTable } from './permission.ts';
import { text } from './fields.ts';

const ON_STREAM = [
  'CreateStream',
  'DecreaseStreamRetentionPeriod',
  'DeleteStream',
  'DescribeStream',
  'DescribeStreamSummary',
  'GetRecords',
  'GetShardIterator',
  'IncreaseStreamRetentionPeriod',
  'ListShards',
  'MergeShards',
  'PutRecord',
  'PutRecords',
  'SplitShard',
  'StartStreamEncryption',
  'StopStreamEncryption',
  'UpdateMaxRecordSize',
  'UpdateShardCount',
  'UpdateStreamMode',
];

/** An input names a stream by its name or ARN. GetRecords names it in the iterator, which decides. */
function streamArn(input: unknown, names: Names): string {
  const iterator = text(input, 'ShardIterator');
  if (iterator !== '') return names.arn('kinesis', `stream/${streamOfIterator(iterator)}`);
  const arn = text(input, 'StreamARN');
  return arn === '' ? names.arn('kinesis', `stream/${text(input, 'StreamName')}`) : arn;
}

const onStream =
  (action: string): PermissionsOf =>
  (input, names) => [{ action: `kinesis:${action}`, resource: streamArn(input, names) }];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html */
export const KINESIS: PermissionTable = {
  ...Object.fromEntries(ON_STREAM.map((action) => [action, onStream(action)])),
  ListStreams: () => [{ action: 'kinesis:ListStreams', resource: '*' }],
};
