import { paginateQuery, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item, Table } from './conditional-put.ts';

export type Query = Omit<QueryCommandInput, 'TableName'>;

/** Every item that a query of the state table finds, page after page as they are asked for. */
export async function* queried({ client, table }: Table, query: Query): AsyncGenerator<Item> {
  for await (const page of paginateQuery({ client }, { TableName: table, ...query })) yield* page.Items ?? [];
}
