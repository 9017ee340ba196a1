import { randomBytes } from 'node:crypto';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { KEY_PREFIX } from '#core/keys/key.ts';
import type { KeyStore } from '#core/ports/key-store.ts';
import type { Limits } from '#core/ports/limits.ts';
import { lookAgain } from '#core/tenants/cap.ts';
import { localClient } from '../fleet/connection.ts';
import { admit, dismiss } from './gateway-keys.ts';
import { tenantSecret } from './tenant-secret.ts';

/** Where a fleet keeps its keys. */
export interface KeyPlace {
  /** The AWS endpoint of a fleet on this machine; undefined for AWS, with the environment's credentials. */
  readonly endpoint: string | undefined;
  /** The region of that endpoint. @default us-east-1 */
  readonly region?: string;
  /** Name of the state table. */
  readonly table: string;
  /** Id of the usage plan for keys. */
  readonly usagePlan: string;
  /** Name of the secret that signs callbacks; undefined if nobody asks for it. */
  readonly callbackSecret: string | undefined;
}

/** A fleet's keys, in the state table and at API Gateway. */
export interface Keeping {
  readonly store: KeyStore;
  readonly limits: Limits;
  /** Wakes the tasks that wait for the tenant's cap, after a change of the cap. */
  lookAgain(tenant: string): Promise<void>;
  /** Registers a key at API Gateway, at the plan's rate or its own. Repeating it changes nothing. */
  admit(hash: string, name: string, rate?: number): Promise<void>;
  /** Disables a key at API Gateway. Returns false if API Gateway does not have it. */
  dismiss(name: string): Promise<boolean>;
  /** The secret that signs a tenant's callbacks; undefined if the place names none. */
  signingSecret(tenant: string): Promise<string | undefined>;
  close(): void;
}

/** 32 random bytes behind the prefix. */
export const newKeyText = (): string => `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;

/** Opens a fleet's key stores. */
export function keeping({ endpoint, region, table, usagePlan, callbackSecret }: KeyPlace): Keeping {
  const options = endpoint === undefined ? {} : localClient(endpoint, region);
  const dynamodb = new DynamoDBClient(options);
  const gateway = new APIGatewayClient(options);
  const secrets = new SecretsManagerClient(options);
  const waiting = {
    store: dynamodbTaskStore({ table, client: dynamodb }),
    permits: dynamodbPermitStore({ table, client: dynamodb }),
    clock: { now: Date.now },
  };
  return {
    store: dynamodbKeyStore({ table, client: dynamodb }),
    limits: dynamodbLimits({ table, client: dynamodb }),
    lookAgain: (tenant) => lookAgain(waiting, tenant),
    admit: (hash, name, rate) => admit(gateway, { hash, name, usagePlan, rate }),
    dismiss: (name) => dismiss(gateway, name),
    signingSecret: async (tenant) =>
      callbackSecret === undefined ? undefined : tenantSecret(secrets, callbackSecret, tenant),
    close() {
      for (const client of [dynamodb, gateway, secrets]) client.destroy();
    },
  };
}
