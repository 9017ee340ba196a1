import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { simulateMarket, type SimulatedMarket } from '@agent-fleet/simulated-market';
import type { ApiClient } from '#cli/api/client.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import type { PermissionsPart } from '#test/e2e/permissions.part.ts';
import { marketOf, type MarketOfFleet } from '../cli/market/own-fleet.ts';
import { playDay } from '../cli/market/play-day.ts';
import { startReceiver } from '../cli/market/receiver.ts';
import { silenceViewSchema } from '../alerts/api/messages.ts';
import { putAnswerSchema } from '../portfolios/api/messages.ts';
import { portfolioOperations } from '../portfolios/api/operations.ts';
import { rejectedViewSchema } from '../set-aside/view.ts';

const SECRET = 'market/permissions';
const SIMULATED = { seed: 1, events: 2_000, day: '2026-11-17' };
const DAY = { ...SIMULATED, minutes: 0.5 };

/** A simulated day of trading, as `fleet market demo` plays it, with one more portfolio whose receiver has a secret. */
export const part: PermissionsPart = {
  async day({ endpoint, outputs, client }) {
    const market = marketOf(endpoint, outputs);
    const signal = new AbortController().signal;
    const signed = await startReceiver(() => undefined);
    try {
      const simulated = simulateMarket({ ...SIMULATED, faults: { future: 0 } });
      await storeSigningSecret(endpoint, market);
      await savePortfolio(client, simulated, signed.url);
      const notes = terminalOutput(true);
      const onAlert = () => undefined;
      const { received, digests } = await playDay({ market, simulated, options: DAY, signal, onAlert, notes });
      await useSilences(client);
      const whys = new Set(received.map(({ why }) => why));
      return [
        ...['first', 'analysis'].flatMap((why) => (whys.has(why) ? [] : [`market: nobody got a notification: ${why}`])),
        ...(signed.received.length > 0 ? [] : ['market: no signed notification arrived']),
        ...(digests.length > 0 ? [] : ['market: no digest was made']),
      ];
    } finally {
      await signed.close();
      market.close();
    }
  },
  uses: [
    { owner: /MarketRouter/, actions: ['dynamodb:UpdateItem', 'sqs:SendMessage'] },
    { owner: /AlertsDeliver/, actions: ['secretsmanager:GetSecretValue', 'dynamodb:PutItem'] },
    {
      owner: /PriceMoveWorkerFunction/,
      actions: ['sqs:SendMessage', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    },
    {
      owner: /PortfoliosServe/,
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 's3:ListBucket', 's3:GetObject'],
    },
    { owner: /ClockFunction/, actions: ['dynamodb:Query', 'dynamodb:PutItem'] },
  ],
  reasons: [
    {
      owner: /MarketRouter/,
      grant: /^kinesis:(DescribeStream|DescribeStreamSummary|GetRecords|GetShardIterator|ListShards) /,
      reason: 'On AWS, Lambda reads the stream under the role. The local cloud reads its shards without a call.',
    },
    {
      owner: /MarketRouter/,
      grant: /^s3:(PutObject|ListBucket) /,
      reason:
        'Lambda writes records there that it gave up on, and the router what it rejects. A short day need not have either.',
    },
    {
      owner: /MarketRouter/,
      grant: /^dynamodb:(GetItem|BatchGetItem|UpdateItem) .*-platform-/,
      reason: 'A repetition finds the task of a window and what belongs to it. No batch of this day is repeated.',
    },
    {
      owner: /MarketRouter/,
      grant: /^sqs:(SendMessage|GetQueueUrl) .*-market-/,
      reason: 'It submits to the pools of all analysts, but a short day has work only for some.',
    },
    {
      owner: /MarketSweep/,
      grant: /^dynamodb:Query .*\/index\/outbox$/,
      reason: 'It looks for effects that a router left behind every minute, but the run may end before.',
    },
    {
      owner: /MarketSweep/,
      grant: /^dynamodb:(BatchGetItem|GetItem|PutItem|Query|UpdateItem) .*\/[^/]*-market-monitor-[^/]*$/,
      reason: 'It raises alerts and fills windows for effects that a router left behind, which takes a failure.',
    },
    {
      owner: /MarketSweep/,
      grant:
        /^(dynamodb:(BatchGetItem|GetItem|PutItem|UpdateItem) .*-platform-|sqs:(SendMessage|GetQueueUrl) .*-market-.*-(high|default)$)/,
      reason: 'It submits tasks of effects that a router left behind, which takes a failure.',
    },
    {
      owner: /MarketSweep/,
      grant: /^sqs:SendMessage .*Alerts/,
      reason: 'It notifies people of effects that a router left behind, which takes a failure.',
    },
    {
      owner: /MarketSweep/,
      grant: /^s3:(PutObject|ListBucket) /,
      reason: 'An effect that cannot be performed is set aside there.',
    },
    {
      owner: /(Market|Clock)Schedule/,
      grant: /^lambda:InvokeFunction /,
      reason: 'It starts its function every minute, but the run may end before.',
    },
    {
      owner: /PortfoliosServe/,
      grant: /^dynamodb:UpdateItem /,
      reason: 'It has what a silence held back decided again. On this day it holds nothing back.',
    },
    {
      owner: /AlertsDeliver/,
      grant: /^sqs:(ChangeMessageVisibility|SendMessage) /,
      reason: 'A notification that could not be delivered is hidden until its next attempt. All arrive here.',
    },
    {
      owner: /ClockFunction/,
      grant: /^s3:/,
      reason: 'Only a digest that does not fit an item of the table is kept in the bucket.',
    },
    {
      owner: /ClockFunction/,
      grant: /^sqs:SendMessage /,
      reason: 'It sends reminders, and tells that a source is silent. Both take longer than the run.',
    },
    {
      owner: /ClockFunction/,
      grant: /^dynamodb:UpdateItem /,
      reason: 'It changes alerts that are due and notes that a source is silent. Both take longer than the run.',
    },
    {
      owner: /-market-monitor\/(?!PriceMove)\w+WorkerFunction/,
      grant: /^(dynamodb:(PutItem|UpdateItem|DeleteItem) |secretsmanager:GetSecretValue )/,
      reason:
        'A short day has work only for some of the analysts. They have the same code and grants, which price-move uses.',
    },
    {
      owner: /-market-monitor\/\w+WorkerFunction/,
      grant: /^sqs:(ChangeMessageVisibility|DeleteMessage) .*-market-/,
      reason: 'Urgent signals take the high queue, others the default one. A short day has not both for each analyst.',
    },
  ],
};

/** It lies below the environment's prefix, which the names of its tables begin with. */
async function storeSigningSecret(endpoint: string, { table }: MarketOfFleet): Promise<void> {
  const Name = `${table.table.replace(/-market-monitor-.*$/, '')}/${SECRET}`;
  const secrets = new SecretsManagerClient(localClient(endpoint));
  const SecretString = `whsec_${Buffer.from('of the day of the permissions').toString('base64')}`;
  await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  secrets.destroy();
}

/** Makes a silence and ends it, and lists what was set aside: a day has records that are no events. */
async function useSilences(client: ApiClient): Promise<void> {
  const { makeSilence, endSilence, listRejected } = portfolioOperations({ privateAddresses: true });
  const params = { id: 'permissions' };
  const body = { cause: 'volume', seconds: 3_600, why: 'known' };
  const { id: silence } = await client.call(makeSilence, silenceViewSchema, { params, body });
  await client.call(endSilence, silenceViewSchema, { params: { ...params, silence } });
  await client.call(listRejected, rejectedAnswerSchema, {});
}

const rejectedAnswerSchema = z.object({ records: z.array(rejectedViewSchema).min(1) });

/** By the API, with a key of the tenant that the market monitor works for. */
async function savePortfolio(client: ApiClient, { instruments }: SimulatedMarket, url: string): Promise<void> {
  const id = 'permissions';
  const body = {
    id,
    name: 'Day of the permissions',
    currency: 'USD',
    holdings: instruments.map(({ ticker, cik }) => ({ ticker, cik, quantity: 10 })),
    recipients: [{ kind: 'webhook', name: 'signed', url, signingSecret: SECRET }],
  };
  const { putPortfolio } = portfolioOperations({ privateAddresses: true });
  await client.call(putPortfolio, putAnswerSchema, { params: { id }, query: { version: 0 }, body });
}
