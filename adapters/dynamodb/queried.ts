import { paginateQuery, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item, Table } from './conditional-put.ts';

export type Query = Omit<QueryCommandInput, 'TableName'>;

/** Yields every item of a query on the state table. Pages are read on demand. */
export async function* queried({ client, table }: Table, query: Query): AsyncGenerator<Item> {
  for await (const page of paginateQuery({ client }, { TableName: table, ...query })) yield* page.Items ?? [];
}
