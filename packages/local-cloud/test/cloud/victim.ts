import { startFixture } from '../../testing/cloud.ts';
import { chain } from './chain.ts';

// A cloud in a separate process, to be killed. It prints each message that its function has started.
const [root = ''] = process.argv.slice(2);
const cloud = await startFixture(chain, { root });
const QueueUrl = cloud.outputs['Fixture']?.['Url'];
const caller = { accessKeyId: 'test', principal: 'root' };
for (let batch = 0; batch < 6; batch++) {
  const Entries = Array.from({ length: 10 }, (_, index) => ({
    Id: String(index),
    MessageBody: `m${batch * 10 + index}`,
  }));
  await cloud.call('sqs', 'SendMessageBatch', { QueueUrl, Entries }, caller);
}
console.log('sent');
