import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbBatchStore } from '#adapters/dynamodb/batch-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { noteCanary } from '#adapters/dynamodb/regions/canaries.ts';
import { DRAIN_KEY, pledgeKey } from '#adapters/dynamodb/regions/homes-table.ts';
import { dynamodbPledgeTables } from '#adapters/dynamodb/regions/pledge-tables.ts';
import { tidySuperseded } from '#adapters/dynamodb/regions/superseded.ts';
import { tasksToAdopt } from '#adapters/dynamodb/regions/tasks-to-adopt.ts';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { givesUp } from '#adapters/dynamodb/regions/returns.ts';
import { moveBatch, type Batch } from '#core/economy/batch.ts';
import { QUIET_MS } from '#core/regions/failback.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import type { TaskQueue } from '#core/ports/task-queue.ts';
import { sendLeftBehind, takeOver, type TakeOverParts } from '#functions/keep-homes/take-over.ts';
import { freshId, NOW, sampleCallback, sampleTask as sample, succeeded } from '../../../contract/samples.ts';
import { threeRegions, type ThreeRegions } from './three-regions.ts';

const [US, EU, AP] = [0, 1, 2];
const agents = ['contract-analyst'];
/** Accepted now: what is older than three weeks is not taken over. */
const sampleTask = (over: Parameters<typeof sample>[0]) => sample({ createdAt: Date.now(), ...over });
const idIn = (name: string): TaskId => taskIdSchema.parse(`${name}.${freshId()}`);

type Sent = Parameters<TaskQueue['send']>[0];

/** A keeper's parts in a region, and the tasks whose messages it sends. */
function keeperOf(at: ThreeRegions, region: number): TakeOverParts & { readonly sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    ...at.parts(region),
    agents,
    settled: new Map(),
    queue: { send: async (task) => void sent.push(task) },
    sent,
  };
}

const storeIn = (at: ThreeRegions, region: number) =>
  dynamodbTaskStore({ table: 'state', agents, parts: at.parts(region) });

describe('a takeover', () => {
  const at = threeRegions();

  it('adopts the tasks that have arrived and not ended, and sends their messages', async () => {
    await at().hold(EU, EU, 1);
    const [open, ended] = [sampleTask({ id: idIn('eu') }), sampleTask({ id: idIn('eu') })];
    const eu = storeIn(at(), EU);
    for (const task of [open, ended]) await eu.create(task);
    await eu.replace({ ...ended, version: 2, state: succeeded(NOW, {}, true) });
    await at().replicate(EU, US);
    await at().hold(EU, US, 16);
    const keeper = keeperOf(at(), US);
    expect(await takeOver(keeper, EU, 16)).toBe(1);
    expect(keeper.sent.map(({ id }) => id)).toEqual([open.id]);
    expect(await takeOver(keeper, EU, 16)).toBe(0);
    // It ends, and what the lost region wrote still says that it has not.
    const us = storeIn(at(), US);
    const task = (await us.get(open.id)) ?? open;
    expect(await us.replace({ ...task, version: task.version + 1, state: succeeded(NOW, {}, true) })).toBe('replaced');
    const next = keeperOf(at(), US);
    expect(await takeOver(next, EU, 16)).toBe(0);
    expect([keeper.sent.length, next.sent.length]).toEqual([1, 0]);
  });

  it('makes what was accepted to survive its region and never left it (G4)', async () => {
    await at().hold(EU, EU, 1);
    const eu = storeIn(at(), EU);
    const durable = sampleTask({ id: idIn('eu'), durability: 'global' });
    const other = sampleTask({ id: idIn('eu') });
    for (const task of [durable, other]) expect(await eu.create(task)).toMatchObject({ created: true });
    await at().hold(EU, AP, 18);
    const keeper = keeperOf(at(), AP);
    await takeOver(keeper, EU, 18);
    expect(keeper.sent.map(({ id }) => id)).toEqual([durable.id]);
    expect(await storeIn(at(), AP).get(durable.id)).toMatchObject({ input: durable.input, durability: 'global' });
    expect(await storeIn(at(), AP).get(other.id)).toBeNull();
  });

  it('gets from the third region what the lost one replicated to that one only', async () => {
    await at().hold(EU, EU, 1);
    const task = sampleTask({ id: idIn('eu') });
    await storeIn(at(), EU).create(task);
    await at().replicate(EU, AP);
    await at().hold(EU, US, 16);
    const third = keeperOf(at(), AP);
    expect(await sendLeftBehind(third, { home: EU, holder: US, epoch: 16 })).toBeGreaterThan(0);
    expect(await storeIn(at(), US).get(task.id)).toMatchObject({ id: task.id, state: { status: 'queued' } });
    expect(await sendLeftBehind(third, { home: EU, holder: US, epoch: 16 })).toBe(0);
  });
});

describe('what earlier epochs wrote', () => {
  const at = threeRegions();
  const DAY_MS = 86_400_000;
  const itemsIn = async (region: number, id: string) => {
    const { Items = [] } = await at()
      .parts(region)
      .clients(region)
      .send(new ScanCommand({ TableName: 'state' }));
    return new Map(Items.filter(({ pk }) => pk?.S?.endsWith(id)).map((item) => [item['sk']?.S ?? '', item]));
  };

  it('leaves the index of sweeps and expires once it is done elsewhere, by the region that wrote it alone (G2)', async () => {
    await at().hold(EU, EU, 1);
    const [open, ended] = [sampleTask({ id: idIn('eu') }), sampleTask({ id: idIn('eu') })];
    const eu = storeIn(at(), EU);
    for (const task of [open, ended]) await eu.create(task);
    const callback = { ...sampleCallback('acme'), taskId: idIn('eu') };
    const parked = { callback, attempts: 1, dueAt: NOW };
    const callbacksIn = (region: number) => dynamodbCallbackStore({ table: 'state', parts: at().parts(region) });
    await callbacksIn(EU).park(parked);
    await at().replicate(EU, US);
    await at().hold(EU, US, 16);
    await takeOver(keeperOf(at(), US), EU, 16);
    const us = storeIn(at(), US);
    const task = (await us.get(ended.id)) ?? ended;
    const tidy = (region: number) =>
      tidySuperseded({ ...at().parts(region), agents, now: () => NOW }, { home: EU, epoch: 16 });
    await us.replace({ ...task, version: task.version + 1, state: succeeded(NOW, {}, false) });
    // Its end may still have to be announced.
    await at().replicate(US, EU);
    expect(await tidy(EU)).toBe(0);
    await us.replace({ ...task, version: task.version + 2, state: succeeded(NOW, {}, true) });
    await callbacksIn(US).remove(parked);
    await at().replicate(US, EU);
    expect(await tidy(US)).toBe(0);
    expect(await tidy(EU)).toBe(2);
    expect(await tidy(EU)).toBe(0);
    const old = (await itemsIn(EU, ended.id)).get('TASK@1');
    expect(old).toMatchObject({ expiresAt: { N: String(NOW / 1_000 + 2 * 86_400) } });
    expect(old?.['attentionShard']).toBeUndefined();
    expect((await itemsIn(EU, open.id)).get('TASK@1')).toMatchObject({ attentionShard: {} });
    const left = await tasksToAdopt({ client: at().parts(EU).clients(EU), table: 'state' }, agents, 'eu', 17);
    expect(left).toContain(open.id);
    expect(left).not.toContain(ended.id);
    const hidden = (await itemsIn(US, callback.taskId)).get('CALLBACK#acme@16');
    // The mark outlives what it hides, which nobody deletes if that region never returns.
    expect(Number(hidden?.['expiresAt']?.N)).toBeGreaterThan(Date.now() / 1_000 + 3_000 * 86_400);
  });

  it('leaves the index of open batches once the batch is over', async () => {
    await at().hold(EU, EU, 1);
    const id = `eu.batch-${freshId()}`;
    const agent = agents[0] ?? '';
    const batchesIn = (region: number) => dynamodbBatchStore({ table: 'state', parts: at().parts(region) });
    const made = { status: 'made', providerId: 'b', seenAt: NOW } as const;
    await batchesIn(EU).create({ id, agent, begunAt: NOW, version: 1, entries: [], state: made });
    await at().replicate(EU, US);
    await at().hold(EU, US, 16);
    const tidy = () => tidySuperseded({ ...at().parts(EU), agents, now: () => NOW }, { home: EU, epoch: 16 });
    const moved = async (state: Batch['state']) => {
      const batch = await batchesIn(US).get(id);
      expect(batch && (await batchesIn(US).replace(moveBatch(batch, { state })))).toBe('replaced');
      await at().replicate(US, EU);
    };
    await moved({ ...made, seenAt: NOW + 1 });
    expect(await tidy()).toBe(0);
    await moved({ status: 'over', at: NOW, providerId: 'b' });
    expect(await tidy()).toBe(1);
    const old = (await itemsIn(EU, id)).get('BATCH@1');
    expect(old).toMatchObject({ expiresAt: { N: String(NOW / 1_000 + 2 * 86_400) } });
    expect(old?.['attentionShard']).toBeUndefined();
  });

  it('is a remnant after three weeks, which nobody reads, takes over or sends', async () => {
    await at().hold(EU, EU, 1);
    const of = (days: number) => sampleTask({ id: idIn('eu'), createdAt: Date.now() - days * DAY_MS });
    const [old, young] = [of(22), of(20)];
    const eu = storeIn(at(), EU);
    for (const task of [old, young]) await eu.create(task);
    // A fleet that rested goes on with its own.
    expect(await eu.get(old.id)).toMatchObject({ id: old.id });
    for (const region of [US, AP]) await at().replicate(EU, region);
    await at().hold(EU, US, 16);
    const keeper = keeperOf(at(), US);
    await takeOver(keeper, EU, 16);
    const ids = new Set(keeper.sent.map(({ id }) => id));
    expect([ids.has(young.id), ids.has(old.id)]).toEqual([true, false]);
    const us = storeIn(at(), US);
    expect([await us.get(old.id), (await us.get(young.id))?.id]).toEqual([null, young.id]);
    await at().hold(EU, AP, 34);
    const third = keeperOf(at(), EU);
    await sendLeftBehind(third, { home: EU, holder: AP, epoch: 34 });
    expect((await itemsIn(AP, old.id)).has('TASK@34')).toBe(false);
  });

  it('is not adopted and announced again when the end that hides it has expired', async () => {
    await at().hold(EU, EU, 1);
    const task = sampleTask({ id: idIn('eu'), createdAt: Date.now() - 31 * DAY_MS });
    await storeIn(at(), EU).create(task);
    await at().replicate(EU, US);
    await at().hold(EU, US, 16);
    // As `us` ended it, 31 days ago: its item is gone, and the pledge of its end is not.
    const end = succeeded(task.createdAt, {}, false);
    const value = { mayHaveSpent: 0, end, version: 3 };
    await at().parts(US).pledges.ask(task.id, { kind: 'write', epoch: 16, value });
    const keeper = keeperOf(at(), US);
    await takeOver(keeper, EU, 16);
    expect(keeper.sent.filter(({ id }) => id === task.id)).toEqual([]);
    expect([...(await itemsIn(US, task.id)).keys()]).toEqual(['TASK@1']);
  });

  it('is not made again from an acceptance that is older than an ended task is kept', async () => {
    await at().hold(EU, EU, 1);
    const accept = async (days: number): Promise<TaskId> => {
      const task = sampleTask({ id: idIn('eu'), durability: 'global' });
      const { clients, regions } = at().parts(EU);
      const now = () => Date.now() - days * DAY_MS;
      const homeOf = () => 'eu';
      const pledges = dynamodbPledgeTables({ clients, table: regions.homesTable, count: 3, homeOf, now });
      await pledges.ask(task.id, { kind: 'write', epoch: 1, value: { mayHaveSpent: 0, accepted: task } });
      return task.id;
    };
    const [old, young] = [await accept(22), await accept(20)];
    await at().hold(EU, US, 16);
    const keeper = keeperOf(at(), US);
    await takeOver(keeper, EU, 16);
    const ids = new Set(keeper.sent.map(({ id }) => id));
    expect([ids.has(young), ids.has(old)]).toEqual([true, false]);
    const { clients, regions } = at().parts(US);
    const Key = pledgeKey(old);
    const { Item: pledge } = await clients(EU).send(new GetItemCommand({ TableName: regions.homesTable, Key }));
    // DynamoDB may delete it days later. An ended task is kept for 30 days.
    expect(Number(pledge?.['expiresAt']?.N)).toBeLessThan(Date.now() / 1_000);
  });
});

describe('a home of another region', () => {
  const at = threeRegions();

  it('is given back when its region has worked for a quarter of an hour, and not before', async () => {
    const parts = at().parts(US);
    const asked = (now: number, epoch: number | null = 16) => givesUp({ ...parts, now: () => now }, EU, epoch);
    const canary = (now: number) => noteCanary({ ...parts.regions, index: EU }, parts.clients, now);
    expect(await asked(NOW)).toBe(false);
    await canary(NOW + 1_000);
    expect(await asked(NOW + 2_000)).toBe(false);
    await canary(NOW + QUIET_MS);
    expect(await asked(NOW + QUIET_MS)).toBe(false);
    expect(await asked(NOW + QUIET_MS + 2_000)).toBe(true);
    // Another takeover begins the wait again, and so does a canary that does not end.
    expect(await asked(NOW + QUIET_MS + 3_000, 32)).toBe(false);
    await canary(NOW + 2 * QUIET_MS + 1_000);
    expect(await asked(NOW + 2 * QUIET_MS + 4_000, 32)).toBe(true);
    expect(await asked(NOW + 3 * QUIET_MS, 32)).toBe(false);
    await canary(NOW + 3 * QUIET_MS + 10);
    expect(await asked(NOW + 3 * QUIET_MS + 20, 32)).toBe(false);
    // A region that holds nothing of it gives up nothing, so that it can take over.
    expect(await asked(NOW + 9 * QUIET_MS, null)).toBe(false);
  });

  it('is not given back to a region that people drain', async () => {
    const parts = at().parts(AP);
    const drain = { TableName: 'homes', Item: { ...DRAIN_KEY, since: { N: '1' } } };
    await parts.clients(EU).send(new PutItemCommand(drain));
    const asked = (now: number) => givesUp({ ...parts, now: () => now }, EU, 18);
    for (const now of [NOW, NOW + QUIET_MS, NOW + 2 * QUIET_MS]) {
      await noteCanary({ ...parts.regions, index: EU }, parts.clients, now);
      expect(await asked(now + 1_000)).toBe(false);
    }
    // It gives up all that it holds itself.
    const drained = at().parts(EU);
    expect(await givesUp({ ...drained, now: () => NOW }, EU, 17)).toBe(true);
    expect(await givesUp({ ...drained, now: () => NOW }, AP, null)).toBe(true);
  });
});
