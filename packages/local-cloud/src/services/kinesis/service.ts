import { handleJson } from '../http.ts';
import type { JsonProtocol } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Service, ServiceInput, ServiceOutput } from '../service.ts';
import type { KinesisAction } from './actions/action.ts';
import { putRecord, putRecords } from './actions/put.ts';
import { getRecords, getShardIterator } from './actions/read.ts';
import { mergeShards, splitShard, updateShardCount } from './actions/reshard.ts';
import {
  decreaseStreamRetentionPeriod,
  increaseStreamRetentionPeriod,
  provisionStream,
  startStreamEncryption,
  stopStreamEncryption,
  updateMaxRecordSize,
  updateStreamMode,
} from './actions/settings.ts';
import { listShards } from './actions/shards.ts';
import { createStream, deleteStream, describeStream, describeStreamSummary, listStreams } from './actions/streams.ts';
import { StreamStore } from './store.ts';
import type { StoreOptions } from './store.ts';

const ACTIONS: Readonly<Record<string, KinesisAction>> = {
  CreateStream: createStream,
  DecreaseStreamRetentionPeriod: decreaseStreamRetentionPeriod,
  DeleteStream: deleteStream,
  DescribeStream: describeStream,
  DescribeStreamSummary: describeStreamSummary,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  IncreaseStreamRetentionPeriod: increaseStreamRetentionPeriod,
  ListShards: listShards,
  ListStreams: listStreams,
  MergeShards: mergeShards,
  PutRecord: putRecord,
  PutRecords: putRecords,
  SplitShard: splitShard,
  StartStreamEncryption: startStreamEncryption,
  StopStreamEncryption: stopStreamEncryption,
  UpdateMaxRecordSize: updateMaxRecordSize,
  UpdateShardCount: updateShardCount,
  UpdateStreamMode: updateStreamMode,
};

/** A request of 10 MiB of records in base64, with keys and JSON around them. */
const BODY_LIMIT = 16 * 2 ** 20;

export interface KinesisService extends Service {
  /** The streams, for event source mappings. */
  readonly streams: StreamStore;
}

/** The local Kinesis Data Streams. SPECIFICATION.md lists what it supports. */
export function createKinesis(options: StoreOptions): KinesisService {
  const store = new StreamStore(options);
  const run = async (action: string, input: ServiceInput, remote: boolean): Promise<ServiceOutput> => {
    if (action === 'ProvisionStream' && !remote) return provisionStream({ store, remote }, input);
    const operation = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (operation === undefined) {
      throw new ServiceError('UnknownOperationException', `The local Kinesis does not support the action ${action}.`);
    }
    return operation({ store, remote }, input);
  };
  const protocol: JsonProtocol = {
    version: '1.1',
    bodyLimit: BODY_LIMIT,
    errorType: (code) => code,
    run: (action, input) => run(action, input, true),
  };
  return {
    name: 'kinesis',
    streams: store,
    invoke: (action, input) => run(action, input, false),
    handle: (request, response, caller, authorize) => handleJson(protocol, request, response, caller, authorize),
    close: async () => store.close(),
  };
}
