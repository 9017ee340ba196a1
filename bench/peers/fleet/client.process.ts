// Submits to the task API with the client that users have.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FleetClient } from '#client/fleet-client.ts';
import { serveOrders, type Task } from '../job.ts';

const place = z.object({ url: z.string(), key: z.string() });
const client = new FleetClient(place.parse(JSON.parse(readFileSync(join(process.argv[2] ?? '', 'api.json'), 'utf8'))));

const submission = ({ session, text }: Task) => ({ agent: 'assistant', instruction: text, sessionId: session });

/** All outcomes come at once, so they have to come before the time is over. */
const ALMOST = 0.95;

/** Submits by batches and waits for all. */
function burst(tasks: readonly Task[], timeoutMs: number) {
  const outcomes = client.dispatch(tasks.map(submission), { timeoutMs });
  return Promise.resolve(
    tasks.map(async (_, index) => {
      const outcome = (await outcomes)[index];
      if (!outcome?.ended) throw new Error(outcome?.problem.detail ?? 'The task has no outcome.');
      return { answer: JSON.stringify(outcome.task.output), ledgerKey: outcome.task.id };
    }),
  );
}

async function one({ id }: { readonly id: string }) {
  const { output } = await client.wait(id);
  return { answer: JSON.stringify(output), ledgerKey: id };
}

await serveOrders((tasks, timeoutMs) => {
  if (tasks.length > 1) return burst(tasks, timeoutMs * ALMOST);
  return Promise.resolve(tasks.map(async (task) => one(await client.submit(submission(task)))));
});
process.exit();
