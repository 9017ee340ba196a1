import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { inChunks } from '#core/concurrency/in-chunks.ts';
import { readItem, type Item, type Table } from './conditional-put.ts';

/** Keys per BatchGetItem request (API limit). */
const MAX_KEYS = 100;

interface Waiting {
  readonly key: Item;
  readonly found: (item: Item | null) => void;
  readonly failed: (error: unknown) => void;
}

const nameOf = ({ pk, sk }: Item): string => `${pk?.S} ${sk?.S}`;

/**
 * Reads items like `readItem`. Those that are asked for in one turn of the event loop, as by all tasks of an invocation when
 * it begins, share a request. What a throttled request leaves out is read by itself, with the client's own retries.
 */
export function readingTogether(at: Table): (key: Item) => Promise<Item | null> {
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (const group of inChunks(all, MAX_KEYS)) void readGroup(at, group);
  };
  return (key) =>
    new Promise((found, failed) => {
      if (waiting.push({ key, found, failed }) === 1) setImmediate(flush);
    });
}

async function readGroup(at: Table, group: readonly Waiting[]): Promise<void> {
  try {
    const [first, ...others] = Map.groupBy(group, ({ key }) => nameOf(key)).values();
    if (first === undefined || others.length === 0) return await readAlone(at, group);
    const keys = [first, ...others].flatMap(([each]) => (each ? [each.key] : []));
    const { items, left } = await readMany(at, keys);
    await readAlone(
      at,
      group.filter(({ key, found }) => {
        const isLeft = left.has(nameOf(key));
        if (!isLeft) found(items.get(nameOf(key)) ?? null);
        return isLeft;
      }),
    );
  } catch (error) {
    for (const { failed } of group) failed(error);
  }
}

async function readAlone(at: Table, group: readonly Waiting[]): Promise<void> {
  await Promise.all(group.map(async ({ key, found, failed }) => readItem(at, key).then(found, failed)));
}

async function readMany({ client, table }: Table, keys: readonly Item[]) {
  const Keys = keys.map(({ pk, sk }) => ({ pk: pk ?? { S: '' }, sk: sk ?? { S: '' } }));
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
  );
  const items = new Map((Responses?.[table] ?? []).map((item) => [nameOf(item), item]));
  return { items, left: new Set((UnprocessedKeys?.[table]?.Keys ?? []).map(nameOf)) };
}
