import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RegionIndex } from '#core/regions/epoch.ts';
import type { Regions } from '../../aws/regions.ts';
import { newDynamodb } from '../new-client.ts';

/** The clients of all regions by their indexes. */
export type RegionalClients = (region: RegionIndex) => DynamoDBClient;

/** A region that does not answer is one that may be lost, so whoever asks must not wait long for it. */
const ELSEWHERE = { maxAttempts: 2, requestTimeout: 2_000 };

/** Makes each client once, when it is first used. */
export function regionalClients(regions: Regions): RegionalClients {
  const clients = new Map<RegionIndex, DynamoDBClient>();
  return (index) => {
    const region = regions.all[index]?.region;
    if (region === undefined) throw new Error(`The fleet has no region ${index}.`);
    const made = clients.get(index);
    const client = made ?? newDynamodb({ region, ...(index === regions.index ? {} : ELSEWHERE) });
    if (!made) clients.set(index, client);
    return client;
  };
}
