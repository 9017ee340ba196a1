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
import { admit, dismiss } from './gateway-keys.ts';
import { tenantSecret } from './tenant-secret.ts';

/** Where a fleet keeps its keys. */
export interface KeyPlace {
  /** The AWS endpoint of a fleet on this machine; undefined for AWS itself, by the credentials of the environment. */
  readonly endpoint: string | undefined;
  /** Name of the state table. */
  readonly table: string;
  /** Id of the usage plan that keys are put in. */
  readonly usagePlan: string;
  /** Name of the secret that callbacks are signed by. */
  readonly callbackSecret: string;
}

/** A fleet's keys, in the state table and at API Gateway. */
export interface Keeping {
  readonly store: KeyStore;
  readonly limits: Limits;
  /** Has the tasks of a tenant that wait for its cap looked at anew, since it was changed. */
  lookAgain(tenant: string): Promise<void>;
  /** Lets a key pass API Gateway, at the plan's rate or at one of its own; again changes nothing. */
  admit(hash: string, name: string, rate?: number): Promise<void>;
  /** Has API Gateway refuse a key from now on. False where it knows none by that name. */
  dismiss(name: string): Promise<boolean>;
  /** The secret that signs a tenant's callbacks. */
  signingSecret(tenant: string): Promise<string>;
  close(): void;
}

/** 32 random bytes behind the prefix. */
export const newKeyText = (): string => `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;

/** Opens what a fleet keeps its keys in. */
export function keeping({ endpoint, table, usagePlan, callbackSecret }: KeyPlace): Keeping {
  // The local cloud takes any credentials for the machine's own user.
  const local = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const options = endpoint === undefined ? {} : { ...local, endpoint };
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
    signingSecret: (tenant) => tenantSecret(secrets, callbackSecret, tenant),
    close() {
      for (const client of [dynamodb, gateway, secrets]) client.destroy();
    },
  };
}
