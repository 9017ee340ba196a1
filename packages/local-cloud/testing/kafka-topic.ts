import { Admin, Producer } from '@platformatic/kafka';

/** Records of a request: a broker takes 1 MB at once. */
const BATCH = 250;

/** A record for a topic. Records of one key are in one partition. */
export interface TopicRecord {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export interface KafkaTopic extends AsyncDisposable {
  /** Writes records in their order. */
  send(records: readonly TopicRecord[]): Promise<void>;
}

/** Creates a topic of a broker, and writes to it. */
export async function createTopic(bootstrap: string, topic: string, partitions: number): Promise<KafkaTopic> {
  const place = { clientId: 'test', bootstrapBrokers: [bootstrap] };
  const admin = new Admin(place);
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
  await admin.close();
  const producer = new Producer(place);
  return {
    async send(records) {
      const messages = records.map(({ key, bytes }) => ({ topic, key: Buffer.from(key), value: Buffer.from(bytes) }));
      for (let sent = 0; sent < messages.length; sent += BATCH)
        await producer.send({ messages: messages.slice(sent, sent + BATCH) });
    },
    [Symbol.asyncDispose]: () => producer.close(),
  };
}
