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
import type { Unreached } from '../regions/unreached.ts';
import { admit, dismiss, rateOf } from './gateway-keys.ts';
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

/** A fleet's keys, in the state table and at the API Gateway of each of its regions. */
export interface Keeping {
  readonly store: KeyStore;
  readonly limits: Limits;
  /** Wakes the tasks that wait for the tenant's cap, after a change of the cap. Returns the regions where it did not. */
  lookAgain(tenant: string): Promise<readonly Unreached[]>;
  /**
   * Registers a key at API Gateway, at the plan's rate or its own. Repeating it changes nothing. Returns the regions where
   * it is not registered.
   */
  admit(hash: string, name: string, rate?: number): Promise<readonly Unreached[]>;
  /** The rate of its own that a key has at API Gateway. */
  rateOf(name: string): Promise<number | undefined>;
  /** Disables a key at API Gateway. */
  dismiss(name: string): Promise<Dismissal>;
  /** The secret that signs a tenant's callbacks; undefined if the place names none. */
  signingSecret(tenant: string): Promise<string | undefined>;
  close(): void;
}

export interface Dismissal {
  /** False if API Gateway does not have the key in any region that was reached. */
  readonly known: boolean;
  readonly unreached: readonly Unreached[];
}

/** 32 random bytes behind the prefix. */
export const newKeyText = (): string => `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;

/** Opens the key stores of a fleet of one region, or of one region alone. */
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
  const everywhere = async (done: Promise<void>): Promise<readonly Unreached[]> => (await done, []);
  return {
    store: dynamodbKeyStore({ table, client: dynamodb }),
    limits: dynamodbLimits({ table, client: dynamodb }),
    lookAgain: (tenant) => everywhere(lookAgain(waiting, tenant)),
    admit: (hash, name, rate) => everywhere(admit(gateway, { hash, name, usagePlan, rate })),
    rateOf: (name) => rateOf(gateway, name, usagePlan),
    dismiss: async (name) => ({ known: await dismiss(gateway, name), unreached: [] }),
    signingSecret: async (tenant) =>
      callbackSecret === undefined ? undefined : tenantSecret(secrets, callbackSecret, tenant),
    close() {
      for (const client of [dynamodb, gateway, secrets]) client.destroy();
    },
  };
}
