/** The resolved CloudFormation properties of a mapping of Kafka. */
export interface KafkaMappingConfig {
  readonly kind: 'kafka';
  readonly uuid: string;
  /** Of an MSK cluster; undefined for a self-managed one. */
  readonly clusterArn: string | undefined;
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
  readonly consumerGroup: string;
  readonly functionName: string;
  /** Includes the alias or version that the mapping invokes. */
  readonly functionArn: string;
  /** Where it starts in a topic for which its consumer group has no offsets. */
  readonly start: 'TRIM_HORIZON' | 'LATEST';
  /** A bucket that gets discarded batches. */
  readonly onFailureArn: string | undefined;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** Whether it measures what it gave up. */
  readonly countsEvents: boolean;
}
