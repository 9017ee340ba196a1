import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ApiClient } from '#cli/api/client.ts';
import { localClient } from '#cli/fleet/connection.ts';
import type { ShopTableClient } from '../load/load-test.ts';
import type { SupportOutputs } from './outputs.ts';

/** Addresses of a fleet that has the support system. */
export interface SupportFleet {
  /** The AWS endpoint. */
  readonly endpoint: string;
  /** The task API's base URL. */
  readonly url: string;
  readonly key: string;
  readonly outputs: SupportOutputs;
}

/** The load of the pool. */
export interface PoolState {
  /** Messages in its queue that no worker has received. */
  readonly waiting: number;
  /** Messages that a worker is handling. */
  readonly busy: number;
}

/** Clients for everything that a day of the support system uses. */
export interface SupportClients {
  readonly api: ApiClient;
  readonly url: string;
  readonly shop: ShopTableClient;
  webhookSecret(): Promise<string>;
  pool(): Promise<PoolState>;
  close(): void;
}

/** Opens clients for a fleet's API, shop, webhook secret and queue. */
export function openClients({ endpoint, url, key, outputs }: SupportFleet): SupportClients {
  const options = localClient(endpoint);
  const dynamodb = new DynamoDBClient(options);
  const secrets = new SecretsManagerClient(options);
  const sqs = new SQSClient(options);
  return {
    api: new ApiClient({ url, key }),
    url,
    shop: { table: outputs.ShopTable, client: dynamodb },
    async webhookSecret() {
      const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: outputs.WebhookSecret }));
      return SecretString;
    },
    async pool() {
      const query = { QueueUrl: outputs.DefaultQueueUrl, AttributeNames: ['All' as const] };
      const { Attributes: state = {} } = await sqs.send(new GetQueueAttributesCommand(query));
      return {
        waiting: Number(state['ApproximateNumberOfMessages']),
        busy: Number(state['ApproximateNumberOfMessagesNotVisible']),
      };
    },
    close() {
      for (const client of [dynamodb, secrets, sqs]) client.destroy();
    },
  };
}
