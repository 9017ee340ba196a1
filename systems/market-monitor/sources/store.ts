import { UpdateItemCommand, ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodb, queried, type Item, type Table } from '#runtime/index.ts';
import { STREAM, type Source } from './source.ts';

export interface SourceStore {
  /** Notes that a source was heard, if it is watched. Cheap: it writes at most every 15 seconds. */
  heard(name: string, at: number): Promise<void>;
  /** All that are watched, heard or not. */
  list(): Promise<Source[]>;
  /** Notes that people were told that it is silent, or null: that it is back. */
  setQuiet(name: string, since: number | null): Promise<void>;
}

export interface SourceStoreOptions {
  readonly table: string;
  /** Names of the sources that are watched beside the stream itself. Nothing is kept of others. */
  readonly watched: readonly string[];
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

const PK = 'SOURCES';
/** More often than this nothing is written. */
const EVERY_MS = 15_000;

/** Sources of the system's table: `SOURCES`, `SOURCE#<name>`, with attributes of their own, since two functions write them. */
export function dynamodbSources({ table, client = dynamodb(), ...options }: SourceStoreOptions): SourceStore {
  const watched = [...new Set([STREAM, ...options.watched])];
  const at: Table = { client, table };
  const written = new Map<string, number>();
  const key = (name: string) => ({ pk: { S: PK }, sk: { S: `SOURCE#${name}` } });
  return {
    async heard(name, lastAt) {
      if (!watched.includes(name)) return;
      if (lastAt - (written.get(name) ?? 0) < EVERY_MS) return;
      await unlessRefused(
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: key(name),
            UpdateExpression: 'SET lastAt = :at',
            ConditionExpression: 'attribute_not_exists(lastAt) OR lastAt < :at',
            ExpressionAttributeValues: { ':at': { N: String(lastAt) } },
          }),
        ),
      );
      written.set(name, lastAt);
    },
    async list() {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: PK } },
        ConsistentRead: true,
      };
      const known = new Map<string, Source>();
      for await (const item of queried(at, query)) {
        const source = sourceOf(item);
        known.set(source.name, source);
      }
      return watched.map((name) => known.get(name) ?? { name, lastAt: 0 });
    },
    async setQuiet(name, since) {
      const [UpdateExpression, values] =
        since === null
          ? ['REMOVE quietSince', undefined]
          : ['SET quietSince = :since', { ':since': { N: String(since) } }];
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key(name),
          UpdateExpression,
          ...(values !== undefined && { ExpressionAttributeValues: values }),
        }),
      );
    },
  };
}

function sourceOf(item: Item): Source {
  const quietSince = item['quietSince']?.N;
  return {
    name: (item['sk']?.S ?? '').replace(/^SOURCE#/, ''),
    lastAt: Number(item['lastAt']?.N ?? 0),
    ...(quietSince !== undefined && { quietSince: Number(quietSince) }),
  };
}

/** Refused: a newer time is noted already. */
async function unlessRefused(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
