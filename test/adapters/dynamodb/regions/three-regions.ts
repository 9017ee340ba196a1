import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { createDynamoDb } from '@agent-fleet/local-cloud/testing/services';
import { serve } from '@agent-fleet/local-cloud/testing/serve';
import { afterAll, beforeAll } from 'vitest';
import { parseRegions, type Regions } from '#adapters/aws/regions.ts';
import { writeHeld } from '#adapters/dynamodb/regions/home-holders.ts';
import { heldKey, HOMES_TABLE } from '#adapters/dynamodb/regions/homes-table.ts';
import { regionParts, type SharedRegionParts } from '#adapters/dynamodb/regions/region-parts.ts';
import type { RegionalClients } from '#adapters/dynamodb/regions/regional-clients.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { createStateTable } from '../../../contract/local-services.ts';

const ALL = [
  { name: 'us', region: 'us-east-1' },
  { name: 'eu', region: 'eu-west-1' },
  { name: 'ap', region: 'ap-northeast-1' },
] as const;
const TABLES = { stateTable: 'state', homesTable: 'homes' };
const DAY_MS = 86_400_000;

/** A fleet of three regions, each with a DynamoDB of its own. Nothing is replicated but by `replicate`. */
export interface ThreeRegions {
  /** What a process of a region has. @param forwards as the task API's processes do @default false */
  parts(region: RegionIndex, forwards?: boolean): SharedRegionParts;
  /** A region's keeper says who holds a home. */
  hold(home: RegionIndex, holder: RegionIndex, epoch: number): Promise<void>;
  /** A region's keeper says that it holds a home no longer. */
  lapse(home: RegionIndex, holder: RegionIndex, epoch: number): Promise<void>;
  /** Copies all items of the state table from one region to another, as replication does. */
  replicate(from: RegionIndex, to: RegionIndex): Promise<void>;
  /** Makes a region's endpoint unreachable. */
  lose(region: RegionIndex): void;
}

/** Creates the table of homes from the same definition as the constructs. */
export const createHomesTable = (table: string): CreateTableCommand => {
  const { partitionKey, sortKey, indexes } = HOMES_TABLE;
  const schema = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  const keys = [partitionKey, sortKey, indexes.accepted.partitionKey, indexes.accepted.sortKey];
  return new CreateTableCommand({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: schema(partitionKey.name, sortKey.name),
    GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, index]) => ({
      IndexName,
      KeySchema: schema(index.partitionKey.name, index.sortKey.name),
      Projection: { ProjectionType: index.projection.type },
    })),
  });
};

/** Three regions for the tests of this block, with new tables for each block. */
export function threeRegions(): () => ThreeRegions {
  let opened: ThreeRegions | undefined;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const clients: DynamoDBClient[] = [];
    for (const { region } of ALL) {
      const served = await serve(() => createDynamoDb({ account: '000000000000', region }));
      const client = new DynamoDBClient(served.client);
      await client.send(createStateTable(TABLES.stateTable));
      await client.send(createHomesTable(TABLES.homesTable));
      clients.push(client);
      closing.push(() => served.close());
    }
    opened = regionsOf(clients);
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });
  return () => {
    if (!opened) throw new Error('The regions are there once the tests run.');
    return opened;
  };
}

function regionsOf(clients: readonly DynamoDBClient[]): ThreeRegions {
  const lost = new Set<RegionIndex>();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const nowhere = { endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials, maxAttempts: 1 };
  const unreachable = new DynamoDBClient(nowhere);
  const of: RegionalClients = (index) => (lost.has(index) ? unreachable : (clients[index] ?? unreachable));
  const seenBy = (region: RegionIndex, forwards = false): Regions => {
    const json = JSON.stringify({ here: ALL[region]?.name, all: ALL, homesTable: TABLES.homesTable, forwards });
    const regions = parseRegions(json, TABLES.stateTable);
    if (!regions) throw new Error('No regions.');
    return regions;
  };
  const tell = async (home: RegionIndex, holder: RegionIndex, epoch: number, until: number): Promise<void> => {
    for (const region of ALL.keys()) {
      if (lost.has(region)) continue;
      // A test may go back to an earlier epoch, which a keeper does not.
      await of(region).send(
        new DeleteItemCommand({ TableName: TABLES.homesTable, Key: heldKey(ALL[home]?.name ?? '') }),
      );
      await writeHeld(seenBy(region), of, { home, holder, epoch, until: region === holder ? until : 0 });
    }
  };
  return {
    parts: (region, forwards) => regionParts(seenBy(region, forwards), of),
    hold: (home, holder, epoch) => tell(home, holder, epoch, Date.now() + DAY_MS),
    lapse: (home, holder, epoch) => tell(home, holder, epoch, 0),
    lose: (region) => void lost.add(region),
    async replicate(from, to) {
      const { Items = [] } = await of(from).send(new ScanCommand({ TableName: TABLES.stateTable }));
      for (const Item of Items) await of(to).send(new PutItemCommand({ TableName: TABLES.stateTable, Item }));
    },
  };
}
