import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { isTerminal, type TerminalState } from '#core/tasks/task.ts';
import { fillShop, sampleShop } from '../../samples/shop.ts';
import { dynamodbShop } from '../../shop/dynamodb-shop.ts';
import { decideRefund } from '../../shop/refund.ts';
import { startLocalFleet, type LocalFleet } from '#test/e2e/support/local-fleet.ts';
import { signedHeaders } from '../../cli/webhook.ts';

/** The support system on the whole stack: signed webhook, API Gateway, queue, worker, tools and escalation, with its own roles. */
let fleet: LocalFleet;
let client: DynamoDBClient;
let secret: string;
const sample = sampleShop({ seed: 1, customers: 40, now: Date.now() });

beforeAll(async () => {
  fleet = await startLocalFleet({ stacks: ['support'] });
  client = new DynamoDBClient(fleet.client);
  await fillShop(dynamodbShop({ table: fleet.output('support', 'ShopTable'), client }), sample);
  const SecretId = fleet.output('support', 'WebhookSecret');
  const secrets = new SecretsManagerClient(fleet.client);
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  secret = SecretString;
}, 120_000);

afterAll(() => fleet[Symbol.asyncDispose]());

interface Sent {
  readonly id: string;
  readonly customerId: string;
  readonly threadId: string;
  readonly text: string;
}

/** Sends a message like the shop. */
async function send({ id, ...message }: Sent, sign = secret): Promise<Response> {
  const body = JSON.stringify(message);
  return fetch(new URL('support/messages', fleet.output('api', 'ApiUrl')), {
    method: 'POST',
    body,
    headers: signedHeaders(sign, id, body),
  });
}

async function idOf(response: Response): Promise<string> {
  expect(response.status).toBe(202);
  return ((await response.json()) as { taskId: string }).taskId;
}

async function endOf(id: string): Promise<TerminalState> {
  const store = dynamodbTaskStore({ table: fleet.output('platform', 'StateTable'), client });
  return expect
    .poll(async () => (await store.get(taskIdSchema.parse(id)))?.state, { interval: 100 })
    .toSatisfy((state) => isTerminal(state) && state.notified)
    .then(async () => (await store.get(taskIdSchema.parse(id)))?.state as TerminalState);
}

const refundable = sample
  .flatMap(({ orders, customer }) => (customer.vip ? [] : orders))
  .find(
    (order) =>
      order.status === 'delivered' &&
      decideRefund(order, { key: 'k', skus: null, reason: '' }, Date.now()).kind === 'refund',
  );
if (!refundable) throw new Error('The sample has no order to refund.');
const { id: orderId, customerId, totalCents } = refundable;

it('a broken item is refunded once, even if the message arrives twice', async () => {
  const message = {
    id: 'msg-1',
    customerId,
    threadId: 'thread-1',
    text: `The ${refundable.lines[0]?.name} from ${orderId} arrived broken. Please refund it.`,
  };
  const [first, again] = await Promise.all([send(message), send(message)]);
  const id = await idOf(first);
  expect(await idOf(again)).toBe(id);
  expect(await endOf(id)).toMatchObject({ status: 'succeeded', output: { outcome: 'resolved', category: 'refund' } });
  const shop = dynamodbShop({ table: fleet.output('support', 'ShopTable'), client });
  expect((await shop.order(customerId, orderId))?.refunds).toMatchObject([{ cents: totalCents }]);
});

it('the answer to the next message of the thread uses what happened before', async () => {
  const text = `Has the refund for ${orderId} been made?`;
  const id = await idOf(await send({ id: 'msg-2', customerId, threadId: 'thread-1', text }));
  expect(await endOf(id)).toMatchObject({ output: { reply: expect.stringContaining('refunded') } });
});

it('a request that needs a person is escalated with a summary', async () => {
  const text = 'You will hear from my lawyer about this.';
  const id = await idOf(await send({ id: 'msg-3', customerId, threadId: 'thread-2', text }));
  expect(await endOf(id)).toMatchObject({ status: 'escalated', reason: 'legal' });
  const escalations = dynamodbEscalationStore({ table: fleet.output('platform', 'StateTable'), client });
  const waiting = await Array.fromAsync(escalations.list({ tenant: 'default', status: 'waiting' }));
  expect(waiting).toMatchObject([
    { id, reason: 'legal', sessionId: 'thread-2', summary: expect.stringContaining('lawyer') },
  ]);
});

it('a message that is signed with another secret is rejected', async () => {
  const message = { id: 'msg-4', customerId, threadId: 'thread-3', text: 'Hello' };
  const answer = await send(message, 'b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldDEy');
  expect(answer.status).toBe(401);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ errors: [{ field: 'webhook-signature' }] });
});
