import type { Message } from '@platformatic/kafka';
import type { KafkaMappingConfig } from './config.ts';

/**
 * Creates the event of a batch. Records are grouped by topic and partition.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html
 */
export function kafkaEvent(
  messages: readonly Message[],
  { clusterArn, bootstrapServers }: Pick<KafkaMappingConfig, 'clusterArn' | 'bootstrapServers'>,
): string {
  const groups = Map.groupBy(messages, ({ topic, partition }) => `${topic}-${partition}`);
  const records = Object.fromEntries([...groups].map(([name, group]) => [name, group.map(record)]));
  return JSON.stringify({
    ...(clusterArn === undefined
      ? { eventSource: 'SelfManagedKafka' }
      : { eventSource: 'aws:kafka', eventSourceArn: clusterArn }),
    bootstrapServers: bootstrapServers.join(','),
    records,
  });
}

function record({ topic, partition, offset, timestamp, key, value, headerEntries }: Message) {
  return {
    topic,
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    timestampType: 'CREATE_TIME',
    ...(isBytes(key) && { key: key.toString('base64') }),
    ...(isBytes(value) && { value: value.toString('base64') }),
    headers: headerEntries.map(([name, bytes]) => ({ [name.toString('utf8')]: [...bytes] })),
  };
}

/** A record may have no key, and a tombstone has no value. */
const isBytes = (value: Buffer | null | undefined): value is Buffer => value !== null && value !== undefined;
