import { createKinesis } from '../../src/services/kinesis/service.ts';
import { ROOT } from '../../src/services/service.ts';

// Puts records until it is killed, and sends the sequence numbers of each batch to its parent.
const kinesis = createKinesis({ dataDir: String(process.argv[2]), account: '000000000000', region: 'us-east-1' });
await kinesis.invoke('CreateStream', { StreamName: 'events', ShardCount: 4 }, ROOT);
for (let n = 0; ; n++) {
  const Records = Array.from({ length: 10 }, (_, index) => ({
    PartitionKey: `key ${index}`,
    Data: Buffer.from(`record ${n * 10 + index}`).toString('base64'),
  }));
  const answer = await kinesis.invoke('PutRecords', { StreamName: 'events', Records }, ROOT);
  process.send?.(answer['Records']);
  await new Promise(setImmediate);
}
