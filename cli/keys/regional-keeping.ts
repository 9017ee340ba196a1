import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { lookAgain } from '#core/tenants/cap.ts';
import { holderOf, inEachRegion, type RegionalFleet } from '../regions/regional-fleet.ts';
import { admit, dismiss, rateOf } from './gateway-keys.ts';
import type { Keeping } from './keeping.ts';
import { tenantSecret } from './tenant-secret.ts';

/** Keys, and the limits of all tenants, belong to the home of the first region. */
const HOME = 0;

/**
 * Opens the key stores of a fleet of three regions. Keys and limits are read and written where their home is held. Each
 * region has an API Gateway with keys of its own, and a part of each tenant's cap. Throws a `UserError` if no region holds
 * the home.
 * @param callbackSecret the name of the secret that signs callbacks @default the one that the fleet on this machine names
 */
export async function keepingInRegions(fleet: RegionalFleet, callbackSecret?: string): Promise<Keeping> {
  const { regions, stateTable: table } = fleet;
  const holder = await holderOf(fleet, HOME);
  const { client } = fleet.partsIn(holder);
  const gateways = regions.map(({ options }) => new APIGatewayClient(options));
  const gatewayIn = (index: number): APIGatewayClient => gateways[index] ?? new APIGatewayClient();
  const secrets = new SecretsManagerClient(regions[holder]?.options ?? {});
  const secret = callbackSecret ?? regions[holder]?.callbackSecret;
  return {
    store: dynamodbKeyStore({ table, client }),
    limits: dynamodbLimits({ table, client }),
    lookAgain: async (tenant) =>
      (await inEachRegion(fleet, (_, index) => lookAgain(waitingIn(fleet, index), tenant))).unreached,
    admit: async (hash, name, rate) => {
      const admitted = await inEachRegion(fleet, async (region, index) =>
        admit(gatewayIn(index), { hash, name, usagePlan: await region.usagePlan(), rate }),
      );
      return admitted.unreached;
    },
    rateOf: async (name) => {
      const { done } = await inEachRegion(fleet, async (region, index) =>
        rateOf(gatewayIn(index), name, await region.usagePlan()),
      );
      return done.find((rate) => rate !== undefined);
    },
    dismiss: async (name) => {
      const { done, unreached } = await inEachRegion(fleet, (_, index) => dismiss(gatewayIn(index), name));
      return { known: done.includes(true), unreached };
    },
    signingSecret: async (tenant) => (secret === undefined ? undefined : tenantSecret(secrets, secret, tenant)),
    close() {
      for (const each of [...gateways, secrets]) each.destroy();
    },
  };
}

/** What a region has of the tasks that wait for a tenant's cap. */
function waitingIn(fleet: RegionalFleet, index: number) {
  const parts = fleet.partsIn(index);
  const table = fleet.stateTable;
  return {
    store: dynamodbTaskStore({ table, parts }),
    permits: dynamodbPermitStore({ table, client: parts.client }),
    clock: { now: Date.now },
  };
}
