import { createS3 } from '../../src/services/s3/service.ts';
import { ROOT } from '../../src/services/service.ts';

/**
 * A process that the test kills while it works: it stores objects without end, several at once, and reports each key to
 * its parent. Argument: the data folder.
 */
const s3 = createS3({
  dataDir: String(process.argv[2]),
  call: () => Promise.resolve({}),
  account: '000000000000',
  region: 'us-east-1',
});
await s3.invoke('CreateBucket', { Bucket: 'docs' }, ROOT);
let next = 0;
async function work(): Promise<never> {
  for (;;) {
    const Key = `key-${next++}`;
    await s3.invoke('PutObject', { Bucket: 'docs', Key, Body: `content of ${Key}` }, ROOT);
    process.send?.(Key);
  }
}
await Promise.all([work(), work(), work(), work()]);
