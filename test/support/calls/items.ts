import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A command of DynamoDB, as far as it is counted. */
interface Command {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ExpressionAttributeValues?: Item;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
}
type Item = Record<string, AttributeValue>;

/** The kinds of items, by the beginning of their keys: `adapters/dynamodb/state-table.ts`. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^TASK#.* STEP#/, 'step'],
  [/^TASK#.* TASK$/, 'task'],
  [/^TENANT#.* LIMITS$/, 'limits'],
  [/^SESSION#/, 'session'],
  [/^USAGE#/, 'usage'],
  [/^RUNS?#/, 'run'],
  [/^POOL#/, 'pool'],
  [/^GOVERNOR#/, 'pace'],
];

/** The kind of item that a command is about: of several, that of the first. */
export function itemOf({ Key, Item, ExpressionAttributeValues: values, RequestItems = {} }: Command): string {
  const [first] = Object.values(RequestItems).flatMap(({ Keys }) => Keys);
  const { pk = values?.[':pk'], sk = values?.[':prefix'] } = Key ?? Item ?? first ?? {};
  const key = `${pk?.S} ${sk?.S}`;
  return KINDS.find(([pattern]) => pattern.test(key))?.[1] ?? key;
}

/** An entry of the sweeper's index that moves is deleted and put. */
const MOVED = 2;

/**
 * Write units of a command: one for each started KiB of its item, and those of its index entries. An update of an item
 * sets all of its attributes, so they are as large as the item.
 */
export function writeUnits(operation: string, { Item, ExpressionAttributeValues }: Command): number {
  const item = Item ?? unprefixed(ExpressionAttributeValues ?? {});
  const own = Math.max(1, Math.ceil(sizeOf(item) / 1_024));
  if (item['listKey'] === undefined) return own;
  const attention = 'attentionAt' in item ? MOVED : 1;
  // A new task has an entry in two indexes, and nothing to move. One of a run that has ended gets another entry.
  return own + (operation === 'PutItem' ? 2 : attention) + ('runKey' in item ? 1 : 0);
}

const sizeOf = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, { S, N, B }]) => sum + name.length + (S ?? N ?? B ?? '').length, 0);

const unprefixed = (values: Item): Item =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replace(/^:next_/, ''), value]));
