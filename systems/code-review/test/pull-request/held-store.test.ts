import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { collect } from '#test/contract/samples.ts';
import { stateTable } from '#test/contract/local-services.ts';
import { dynamodbHeldStore, type HeldStore } from '../../pull-request/held-store.ts';
import { inMemoryHeld } from './in-memory-stores.ts';

let made = 0;

function heldStoreContract(open: () => HeldStore): void {
  it('lists each pull request once, with the last execution that held money for it', async () => {
    const held = open();
    const pull = { repository: 'octo-org/Shop', number: (made += 1), installation: 7 };
    await held.add({ pull, execution: 'first' }, 1_000);
    await held.add({ pull: { ...pull, repository: 'octo-org/shop' }, execution: 'second' }, 2_000);
    const other = { pull: { repository: 'other/blog', number: made, installation: null }, execution: 'third' };
    await held.add(other, 2_000);
    const found = (await collect(held.list())).filter(({ pull: { number } }) => number === pull.number);
    expect(found).toEqual([{ pull: { ...pull, repository: 'octo-org/shop' }, execution: 'second' }, other]);
  });

  it('keeps a pull request for which another execution has held money since', async () => {
    const held = open();
    const pull = { repository: 'octo-org/shop', number: (made += 1), installation: 7 };
    const own = async () => (await collect(held.list())).filter(({ pull: { number } }) => number === pull.number);
    await held.add({ pull, execution: 'first' }, 1_000);
    const [seen] = await own();
    await held.add({ pull, execution: 'second' }, 2_000);
    if (seen !== undefined) await held.remove(seen);
    expect(await own()).toEqual([{ pull, execution: 'second' }]);
    await held.remove({ pull, execution: 'second' });
    await held.remove({ pull, execution: 'second' });
    expect(await own()).toEqual([]);
  });
}

describe('pull requests with held money, in memory', () => {
  heldStoreContract(inMemoryHeld);
});

describe('pull requests with held money, in DynamoDB', () => {
  const at = stateTable();
  heldStoreContract(() => dynamodbHeldStore(at()));

  it('that this release cannot read are left out, and kept', async () => {
    const { client, table } = at();
    const held = dynamodbHeldStore(at());
    const pull = { repository: 'octo-org/later', number: (made += 1), installation: 7 };
    const body = { S: JSON.stringify({ schema: 99, pull, execution: 'later' }) };
    const key = { pk: { S: 'HELD' }, sk: { S: `octo-org/later#${pull.number}` } };
    await client.send(new PutItemCommand({ TableName: table, Item: { ...key, body } }));
    await held.add({ pull: { ...pull, repository: 'zoo/shop' }, execution: 'first' }, 1_000);
    const found = (await collect(held.list())).filter(({ pull: { number } }) => number === pull.number);
    expect(found).toMatchObject([{ execution: 'first' }]);
    expect((await client.send(new GetItemCommand({ TableName: table, Key: key }))).Item).toMatchObject({ body });
  });
});
