/** A record of a stream, as the router sees it. It is the same whether Kinesis or Kafka delivered it. */
export interface SourceRecord {
  /** Name of the Kinesis stream or the Kafka topic. */
  readonly stream: string;
  /** The shard or partition. Records of one partition have an order. */
  readonly partition: string;
  /** Place in the partition: a Kinesis sequence number or a Kafka offset, as decimal digits. It grows. */
  readonly position: string;
  /** Partition key. Records of one key are in one partition, until the stream is resharded. Empty if there is none. */
  readonly key: string;
  readonly bytes: Uint8Array;
  /** When the stream received it, in milliseconds since 1970. */
  readonly arrivedAt: number;
}
