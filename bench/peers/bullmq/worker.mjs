// Two processes of this program do the tasks of BullMQ: https://docs.bullmq.io/guide/workers/concurrency
import { createRequire } from 'node:module';
import { callModel } from '../call-model.mjs';

const require = createRequire(`${process.env.PEERS}/package.json`);
const { Worker } = require('bullmq');
const { Redis } = require('ioredis');
const connection = { host: '127.0.0.1', port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null };
const redis = new Redis(connection);

const worker = new Worker(
  'tasks',
  async ({ data: { key, session, text } }) => {
    const turns = JSON.parse((await redis.get(`session:${session}`)) ?? '[]');
    const answer = await callModel(key, turns, text);
    const stored = [...turns, { role: 'user', content: text }, { role: 'assistant', content: answer }];
    await redis.set(`session:${session}`, JSON.stringify(stored), 'EX', 3600);
    return answer;
  },
  // A crashed worker's jobs are taken over after five seconds, not thirty.
  {
    connection,
    concurrency: Number(process.env.AT_ONCE),
    lockDuration: 5000,
    stalledInterval: 2500,
    maxStalledCount: 10,
  },
);
await worker.waitUntilReady();
process.stdout.write('ready\n');
