import assert from 'node:assert/strict';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import type { ApiFleet } from '#test/e2e/api/fleet.ts';
import type { MixedPart } from '#test/mixed/part.ts';
import { signedHeaders } from '../cli/webhook.ts';
import { fillShop, sampleShop } from '../samples/shop.ts';
import { dynamodbShop } from '../shop/dynamodb-shop.ts';
import { decideRefund } from '../shop/refund.ts';
import type { Shop } from '../shop/shop.ts';

const sample = sampleShop({ seed: 1, customers: 60, now: Date.now() });
const refundable = sample
  .flatMap(({ orders, customer }) => (customer.vip ? [] : orders))
  .filter(
    (order) =>
      order.status === 'delivered' &&
      decideRefund(order, { key: 'k', skus: null, reason: '' }, Date.now()).kind === 'refund',
  );

async function withShop<Result>(fleet: ApiFleet, use: (shop: Shop) => Promise<Result>): Promise<Result> {
  const client = new DynamoDBClient(fleet.client);
  try {
    return await use(dynamodbShop({ table: fleet.output('support', 'ShopTable'), client }));
  } finally {
    client.destroy();
  }
}

/** Sends a signed message like the shop, about an order that no other phase has. The agent refunds it by tools. */
async function write(fleet: ApiFleet, phase: number): Promise<readonly string[]> {
  const order = refundable[phase] ?? expect.fail('The sample has too few orders to refund.');
  const secrets = new SecretsManagerClient(fleet.client);
  const SecretId = fleet.output('support', 'WebhookSecret');
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  secrets.destroy();
  const text = `The ${order.lines[0]?.name} from ${order.id} arrived broken. Please refund it.`;
  const body = JSON.stringify({ customerId: order.customerId, threadId: `thread-${phase}`, text });
  const response = await fetch(new URL('support/messages', fleet.output('api', 'ApiUrl')), {
    method: 'POST',
    body,
    headers: signedHeaders(SecretString, `msg-${phase}`, body),
  });
  assert.equal(response.status, 202);
  return [((await response.json()) as { taskId: string }).taskId];
}

/** How often each order of the phases was refunded. */
const refunds = (fleet: ApiFleet, phases: number): Promise<readonly number[]> =>
  withShop(fleet, (shop) =>
    Promise.all(
      refundable.slice(1, phases + 1).map(async (order) => {
        const { refunds: made = [] } = (await shop.order(order.customerId, order.id)) ?? {};
        return made.length;
      }),
    ),
  );

/** Every phase's customer is refunded once. */
export const part: MixedPart = {
  system: 'support',
  prepare: (fleet) => withShop(fleet, (shop) => fillShop(shop, sample)),
  submit: write,
  async check(fleet, phases) {
    expect(await refunds(fleet, phases)).toEqual(Array.from({ length: phases }, () => 1));
  },
};
