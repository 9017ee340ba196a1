import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type BatchGetItemCommandInput,
  type DeleteItemCommandInput,
  type GetItemCommandInput,
  type PutItemCommandInput,
  type QueryCommandInput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { epochOfKey, isFirstEpoch } from '#core/regions/epoch.ts';
import { HomeLost } from '#core/regions/homed-tasks.ts';
import type { Regions } from '../../aws/regions.ts';
import { ABSENT, unlessConditionFails, type Item } from '../conditional-put.ts';
import { queried } from '../queried.ts';
import { nameOf } from '../read-items.ts';
import { holderToWrite, regionToRead, type HomeHolders } from './home-holders.ts';
import { homeOfItem, type ItemHome } from './item-homes.ts';
import type { RegionalClients } from './regional-clients.ts';
import { keyInRegion, withoutWriter } from './writer-of-key.ts';
import { DELETED, itemAt, newestVersion, versionsOf } from './versions.ts';

export interface HomedClientOptions {
  readonly regions: Regions;
  readonly clients: RegionalClients;
  readonly holders: HomeHolders;
}

/**
 * A client of DynamoDB that gives each item of the state table one writer for ever, as ADR 51 has it: it adds the epoch or
 * the region to sort keys, and takes them away from what it reads. So the stores know nothing of regions. Tasks themselves
 * are written by `homedTaskStore`.
 *
 * A write goes to the region that holds the item's home. The first one under a new epoch copies what earlier epochs wrote.
 * Throws `HomeLost` where nobody holds it, or another region does and this process does not forward.
 */
export class HomedClient extends DynamoDBClient {
  readonly #options: HomedClientOptions;

  constructor(options: HomedClientOptions) {
    super({});
    this.#options = options;
  }

  // The type of `send` has an overload for each way to pass callbacks, which nothing here uses.
  override send = (async (command: { readonly input: object }): Promise<unknown> => {
    const { regions, clients } = this.#options;
    const { stateTable } = regions;
    const here = clients(regions.index);
    if (command instanceof BatchGetItemCommand && stateTable in (command.input.RequestItems ?? {}))
      return this.#batchGet(command.input);
    if (!('TableName' in command.input) || command.input.TableName !== stateTable) return here.send(command as never);
    if (command instanceof GetItemCommand) return this.#get(command.input);
    if (command instanceof QueryCommand) return this.#query(command.input);
    if (command instanceof PutItemCommand) return this.#put(command.input);
    if (command instanceof UpdateItemCommand) return this.#update(command.input);
    if (command instanceof DeleteItemCommand) return this.#delete(command.input);
    throw new Error(`${command.constructor.name} is not made for the state table of several regions.`);
  }) as DynamoDBClient['send'];

  async #get(input: GetItemCommandInput): Promise<{ Item?: Item }> {
    const { regions, clients } = this.#options;
    const { pk, sk, of } = this.#named(input.Key ?? {});
    if (of.by === 'region') {
      const Key = { pk: { S: pk }, sk: { S: keyInRegion(sk, regions) } };
      const { Item: item } = await clients(regions.index).send(new GetItemCommand({ ...input, Key }));
      return item ? { Item: withoutWriter(item) } : {};
    }
    const client = clients(of.isReadHere ? regions.index : await regionToRead(this.#options, of.home));
    if (of.by === 'claim') return client.send(new GetItemCommand(input)) as Promise<{ Item?: Item }>;
    const newest = newestVersion(await versionsOf(client, regions.stateTable, pk, sk));
    return newest && !(DELETED in newest.item) ? { Item: newest.item } : {};
  }

  async #batchGet({ RequestItems = {} }: BatchGetItemCommandInput) {
    const { stateTable } = this.#options.regions;
    const keys = RequestItems[stateTable]?.Keys ?? [];
    const found = await Promise.all(keys.map((Key) => this.#get({ TableName: stateTable, Key })));
    return { Responses: { [stateTable]: found.flatMap(({ Item: item }) => (item ? [item] : [])) } };
  }

  /** An index is read here. Items are read where their home is held; of those with a region of their own, this one's. */
  async #query(input: QueryCommandInput) {
    const { regions, clients } = this.#options;
    const here = clients(regions.index);
    if (input.IndexName !== undefined) {
      const { Items = [], ...page } = await here.send(new QueryCommand(input));
      return { ...page, Items: newestEntries(Items).map(withoutWriter) };
    }
    const pk = input.ExpressionAttributeValues?.[':pk']?.S ?? '';
    const prefix = input.ExpressionAttributeValues?.[':prefix']?.S ?? '';
    const of = homeOfItem(regions, pk, prefix);
    // Every region counts usage, and readers add.
    if (of.by === 'region' && !pk.startsWith('USAGE#')) return { Items: await this.#queryOwn(input) };
    const client = of.isReadHere ? here : clients(await regionToRead(this.#options, of.home));
    const { Items = [], ...page } = await client.send(new QueryCommand(input));
    return { ...page, Items: Items.map(withoutWriter) };
  }

  /** Items of which each region has its own: the limit counts this region's alone. */
  async #queryOwn({ Limit = Infinity, TableName, ...query }: QueryCommandInput): Promise<Item[]> {
    const { regions, clients } = this.#options;
    const own: Item[] = [];
    for await (const item of queried({ client: clients(regions.index), table: TableName ?? '' }, query)) {
      const plain = withoutWriter(item);
      if (item['sk']?.S === keyInRegion(plain['sk']?.S ?? '', regions)) own.push(plain);
      if (own.length >= Limit) break;
    }
    return own;
  }

  async #put(input: PutItemCommandInput): Promise<unknown> {
    const item = input.Item ?? {};
    const at = await this.#writeAt(item);
    return at.client.send(new PutItemCommand({ ...input, Item: { ...item, ...at.key } }));
  }

  async #update(input: UpdateItemCommandInput): Promise<unknown> {
    const at = await this.#writeAt(input.Key ?? {});
    return at.client.send(new UpdateItemCommand({ ...input, Key: at.key }));
  }

  /** Under a first epoch the item is deleted. Later ones mark it, since the earlier epochs' items stay. */
  async #delete(input: DeleteItemCommandInput): Promise<unknown> {
    const at = await this.#writeAt(input.Key ?? {});
    if (at.epoch === null || isFirstEpoch(at.epoch))
      return at.client.send(new DeleteItemCommand({ ...input, Key: at.key }));
    const { TableName, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = input;
    const expiresAt = { N: String(Math.ceil(Date.now() / 1_000) + (await this.#markDays(at)) * 86_400) };
    const mark = { TableName, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues };
    return at.client.send(new PutItemCommand({ ...mark, Item: { ...at.key, [DELETED]: { BOOL: true }, expiresAt } }));
  }

  /** Days that a mark is kept: longer than what it hides, which the region that wrote it may not be there to delete. */
  async #markDays({
    client,
    key,
    epoch,
  }: {
    client: DynamoDBClient;
    key: Item;
    epoch: number | null;
  }): Promise<number> {
    const { pk, sk } = withoutWriter(key);
    const versions = await versionsOf(client, this.#options.regions.stateTable, pk?.S ?? '', sk?.S ?? '');
    const hidden = versions.filter((each) => each.epoch < (epoch ?? 0));
    return hidden.every(({ item }) => 'expiresAt' in item) ? MARK_DAYS : HIDING_DAYS;
  }

  /** Where an item is written and under which key. What earlier epochs wrote is under that key by then. */
  async #writeAt(named: Item): Promise<{ client: DynamoDBClient; key: Item; epoch: number | null }> {
    const { regions, clients } = this.#options;
    const { pk, sk, of } = this.#named(named);
    const key = { pk: { S: pk }, sk: { S: sk } };
    if (of.by === 'region') {
      const own = { ...key, sk: { S: keyInRegion(sk, regions) } };
      return { client: clients(regions.index), key: own, epoch: null };
    }
    const { holder, epoch } = await holderToWrite(this.#options, of.home, pk);
    const client = clients(holder);
    if (of.by === 'claim') return { client, key, epoch: null };
    if (!isFirstEpoch(epoch)) await adoptItem(client, regions.stateTable, { pk, sk }, epoch);
    return { client, key: itemAt(key, epoch), epoch };
  }

  #named(key: Item): { pk: string; sk: string; of: ItemHome } {
    const [pk, sk] = [key['pk']?.S ?? '', key['sk']?.S ?? ''];
    return { pk, sk, of: homeOfItem(this.#options.regions, pk, sk) };
  }
}

/** What it hides expires within a month, or has not arrived yet. */
const MARK_DAYS = 90;
/** What it hides does not expire until its own region gives it an expiry. */
const HIDING_DAYS = 3_650;

/** Copies what earlier epochs wrote, if this one has not yet. Throws `HomeLost` if a later one wrote it. */
async function adoptItem(
  client: DynamoDBClient,
  table: string,
  { pk, sk }: { readonly pk: string; readonly sk: string },
  epoch: number,
): Promise<void> {
  const newest = newestVersion(await versionsOf(client, table, pk, sk));
  if (!newest || newest.epoch === epoch || DELETED in newest.item) return;
  if (newest.epoch > epoch) throw new HomeLost(pk);
  await unlessConditionFails(
    client.send(new PutItemCommand({ TableName: table, Item: itemAt(newest.item, epoch), ...ABSENT })),
  );
}

/**
 * An index has an entry for each epoch that wrote the item, perhaps at different places, and on different pages. Of those on
 * one page, the newest epoch's stays where it is.
 */
function newestEntries(entries: readonly Item[]): readonly Item[] {
  const newest = new Map<string, Item>();
  const epochOf = (entry: Item | undefined): number => epochOfKey(entry?.['sk']?.S ?? '');
  const itemOf = (entry: Item): string => nameOf(withoutWriter(entry));
  for (const entry of entries) {
    const other = newest.get(itemOf(entry));
    if (!other || epochOf(entry) > epochOf(other)) newest.set(itemOf(entry), entry);
  }
  return entries.filter((entry) => newest.get(itemOf(entry)) === entry);
}
