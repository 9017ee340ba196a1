// Submits with addBulk and waits by events: https://docs.bullmq.io/guide/queues/adding-bulks, /guide/events
import { createRequire } from 'node:module';
import { serveOrders } from '../job.ts';

const { Queue, QueueEvents } = createRequire(`${process.env.PEERS}/package.json`)('bullmq');
const connection = { host: '127.0.0.1', port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null };
const queue = new Queue('tasks', { connection });
const events = new QueueEvents('tasks', { connection });
await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);

const waiting = new Map();
events.on('completed', ({ jobId, returnvalue }) => {
  waiting.get(jobId)?.({ answer: returnvalue, ledgerKey: jobId });
  waiting.delete(jobId);
});

await serveOrders(async (tasks) => {
  const answers = tasks.map(({ key }) => new Promise((resolve) => waiting.set(key, resolve)));
  // The event stream is trimmed at about 10,000 entries, and failed jobs are repeated.
  const opts = (key) => ({ jobId: key, attempts: 10, removeOnComplete: 1000 });
  await queue.addBulk(tasks.map((data) => ({ name: 'task', data, opts: opts(data.key) })));
  return answers;
});
process.exit();
