import { createSqs } from '../../src/services/sqs/service.ts';
import { ROOT } from '../../src/services/service.ts';

/**
 * A process that the test kills while it works: it sends messages without end and reports each id to its parent.
 * Argument: the data folder.
 */
const sqs = createSqs({
  dataDir: String(process.argv[2]),
  baseUrl: () => 'http://localhost',
  account: '000000000000',
  region: 'us-east-1',
});
const { QueueUrl } = await sqs.invoke('CreateQueue', { QueueName: 'tasks' }, ROOT);
for (let n = 0; ; n++) {
  const { MessageId } = await sqs.invoke('SendMessage', { QueueUrl, MessageBody: `message ${n}` }, ROOT);
  process.send?.(MessageId);
}
