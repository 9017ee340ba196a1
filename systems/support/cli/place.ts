import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ApiClient } from '#cli/api/client.ts';
import { localClient } from '#cli/fleet/connection.ts';
import type { ShopTableClient } from '../load/rehearse.ts';
import type { SupportOutputs } from './outputs.ts';

/** A fleet on this machine with the support system on it. */
export interface SupportFleet {
  /** The AWS endpoint. */
  readonly endpoint: string;
  /** Where the task API answers. */
  readonly url: string;
  readonly key: string;
  readonly outputs: SupportOutputs;
}

/** How the pool stands. */
export interface PoolState {
  /** Messages in its queue that no worker has. */
  readonly waiting: number;
  /** Workers that have one. */
  readonly busy: number;
}

/** What a day of the support system is driven through. */
export interface SupportPlace {
  readonly api: ApiClient;
  readonly url: string;
  readonly shop: ShopTableClient;
  webhookSecret(): Promise<string>;
  pool(): Promise<PoolState>;
  close(): void;
}

/** Opens a fleet's shop, webhook and queue. */
export function openSupport({ endpoint, url, key, outputs }: SupportFleet): SupportPlace {
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
