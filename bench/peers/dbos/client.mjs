// Enqueues from outside the application: https://docs.dbos.dev/typescript/reference/client
import { createRequire } from 'node:module';
import { serveOrders } from '../job.ts';

const { DBOSClient } = createRequire(`${process.env.PEERS}/package.json`)('@dbos-inc/dbos-sdk');
const client = await DBOSClient.create({ systemDatabaseUrl: process.env.DATABASE_URL, systemDatabasePoolSize: 20 });

await serveOrders(async (tasks) => {
  const handles = await Promise.all(tasks.map(enqueue));
  return handles.map(async (handle) => ({
    answer: await handle.getResult({ pollingIntervalMs: 50 }),
    ledgerKey: handle.workflowID,
  }));
});
process.exit();

function enqueue(task) {
  return client.enqueue({ queueName: 'tasks', workflowName: 'turn', workflowID: task.key, appVersion: '1' }, task);
}
