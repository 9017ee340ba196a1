import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { homeOfTask } from '#core/regions/home.ts';
import { HomeMemory } from '#core/regions/homed-tasks.ts';
import { regionsHere, type Regions } from '../../aws/regions.ts';
import { newDynamodb } from '../new-client.ts';
import { dynamodbHomeHolders, type HomeHolders } from './home-holders.ts';
import { HomedClient } from './homed-client.ts';
import { dynamodbPledgeTables, type DynamodbPledgeTables } from './pledge-tables.ts';
import { regionalClients, type RegionalClients } from './regional-clients.ts';

/** What the stores of a process need in a global fleet. */
export interface RegionParts {
  readonly regions: Regions;
  readonly clients: RegionalClients;
  readonly holders: HomeHolders;
  readonly pledges: DynamodbPledgeTables;
}

/** The parts that all stores of a process share. */
export interface SharedRegionParts extends RegionParts {
  readonly memory: HomeMemory;
  /** Writes each item as its home's rule has it. */
  readonly client: DynamoDBClient;
  /** The same without retries. */
  readonly onceClient: DynamoDBClient;
}

/** Makes what the stores of a process share. */
export function regionParts(regions: Regions, clients: RegionalClients = regionalClients(regions)): SharedRegionParts {
  const holders = dynamodbHomeHolders({ regions, clients });
  const homeOf = (id: string): string => regions.names[homeOfTask(id, regions.names)] ?? regions.names[0];
  const { homesTable: table } = regions;
  const pledges = dynamodbPledgeTables({ clients, table, count: regions.all.length, homeOf });
  const once = newDynamodb({ maxAttempts: 1 });
  const onceClients: RegionalClients = (index) => (index === regions.index ? once : clients(index));
  return {
    regions,
    clients,
    holders,
    pledges,
    memory: new HomeMemory(),
    client: new HomedClient({ regions, clients, holders }),
    onceClient: new HomedClient({ regions, clients: onceClients, holders }),
  };
}

let shared: SharedRegionParts | null | undefined;

/** The parts of this process. Null in a fleet of one region. */
export function regionPartsHere(): SharedRegionParts | null {
  const regions = regionsHere();
  return (shared ??= regions && regionParts(regions));
}
