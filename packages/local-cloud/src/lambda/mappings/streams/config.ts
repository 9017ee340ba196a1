import type { EventPattern } from '../../event-pattern.ts';

/** Where a mapping starts in a stream that it has not read before. */
export type StartingPosition =
  | { readonly type: 'TRIM_HORIZON' }
  | { readonly type: 'LATEST' }
  /** Milliseconds since 1970. */
  | { readonly type: 'AT_TIMESTAMP'; readonly time: number };

/** The settings that `UpdateEventSourceMapping` changes. */
export interface StreamSettings {
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Batches of one shard that run at the same time. Records of one partition key stay in order. */
  readonly parallelizationFactor: number;
  /** -1: until the records expire. */
  readonly maximumRetryAttempts: number;
  /** -1: until the records expire. */
  readonly maximumRecordAgeSeconds: number;
  readonly bisectOnError: boolean;
}

/** The resolved CloudFormation properties of a mapping of a stream. */
export interface StreamMappingConfig {
  readonly kind: 'kinesis';
  readonly uuid: string;
  readonly streamArn: string;
  readonly functionName: string;
  /** Includes the alias or version that the mapping invokes. */
  readonly functionArn: string;
  readonly roleArn: string;
  readonly start: StartingPosition;
  readonly reportBatchItemFailures: boolean;
  /** A queue, a topic or a bucket that learns of discarded records. */
  readonly onFailureArn: string | undefined;
  /** Whether it measures what it gave up. */
  readonly countsEvents: boolean;
  readonly patterns: readonly EventPattern[];
  readonly settings: StreamSettings;
}
