// Sends each task with an idempotency key, then attaches to its result: https://docs.restate.dev/services/invocation/http
import { createRequire } from 'node:module';
import { serveOrders } from '../job.ts';

const { Agent, request } = createRequire(`${process.env.PEERS}/package.json`)('undici');
const ingress = `http://127.0.0.1:${process.env.INGRESS_PORT}`;
const dispatcher = new Agent({ connections: 64, headersTimeout: 0, bodyTimeout: 0 });

await serveOrders(async (tasks) => {
  const sent = await Promise.all(tasks.map(send));
  return sent.map(attach);
});
process.exit();

async function send({ key, session, text }) {
  const { statusCode, body } = await request(`${ingress}/session/${session}/turn/send`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ key, text }),
  });
  const { invocationId } = await body.json();
  if (statusCode >= 300) throw new Error(`Restate answered ${statusCode}.`);
  return { key, invocationId };
}

async function attach({ key, invocationId }) {
  const { statusCode, body } = await request(`${ingress}/restate/invocation/${invocationId}/attach`, { dispatcher });
  const answer = await body.json();
  if (statusCode !== 200) throw new Error(`Restate answered ${statusCode}.`);
  return { answer, ledgerKey: key };
}
