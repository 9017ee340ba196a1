// Two processes of this program do the tasks of DBOS: https://docs.dbos.dev/typescript/tutorials/queue-tutorial
import { createRequire } from 'node:module';
import { callModel } from '../call-model.mjs';

const require = createRequire(`${process.env.PEERS}/package.json`);
const { DBOS } = require('@dbos-inc/dbos-sdk');
const { Pool } = require('pg');
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

async function turn({ key, session, text }) {
  const { turns, answer } = await DBOS.runStep(
    async () => {
      const { rows } = await pool.query('select turns from sessions where id = $1', [session]);
      const turns = rows[0]?.turns ?? [];
      return { turns, answer: await callModel(key, turns, text) };
    },
    { name: 'model', retriesAllowed: true, maxAttempts: 10 },
  );
  const stored = [...turns, { role: 'user', content: text }, { role: 'assistant', content: answer }];
  await DBOS.runStep(
    () =>
      pool
        .query('insert into sessions values ($1, $2) on conflict (id) do update set turns = $2', [
          session,
          JSON.stringify(stored),
        ])
        .then(() => undefined),
    { name: 'session' },
  );
  return answer;
}

DBOS.registerWorkflow(turn, { name: 'turn' });
DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: process.env.DATABASE_URL,
  systemDatabasePoolSize: 20,
  // The same after a crash, so that a restarted worker takes up its workflows at once.
  executorID: process.env.EXECUTOR,
  applicationVersion: '1',
  logLevel: 'warn',
});
await DBOS.launch();
await pool.query('create table if not exists sessions (id text primary key, turns jsonb)').catch(() => undefined);
await DBOS.registerQueue('tasks', {
  workerConcurrency: Number(process.env.AT_ONCE),
  minPollingIntervalMs: 20,
  onConflict: 'always_update',
});
process.stdout.write('ready\n');
