import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbHomeHolders, readHeld, writeHeld } from '#adapters/dynamodb/regions/home-holders.ts';
import { dynamodbLeaseTables } from '#adapters/dynamodb/regions/lease-tables.ts';
import { tasksAt } from '#adapters/dynamodb/regions/homed-task-store.ts';
import { tasksToAdopt } from '#adapters/dynamodb/regions/tasks-to-adopt.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import type { ApiKey } from '#core/keys/key.ts';
import { canaryId } from '#core/regions/canary.ts';
import { HomeLost } from '#core/regions/homed-tasks.ts';
import { NO_LEASE } from '#core/regions/lease.ts';
import { newSession } from '#core/sessions/session.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import { collect, freshId, NOW, sampleCallback, sampleTask as sample, succeeded } from '../../../contract/samples.ts';
import { taskStoreContract } from '../../../contract/task-store.contract.ts';
import { threeRegions } from './three-regions.ts';

const [US, EU, AP] = [0, 1, 2];
const TABLE = 'state';
/** Accepted now: what is older than two months is not taken over. */
const sampleTask = (over: Parameters<typeof sample>[0]) => sample({ createdAt: Date.now(), ...over });
const idIn = (name: string): TaskId => taskIdSchema.parse(`${name}.${freshId()}`);
const agents = ['contract-analyst'];

const open = (at: () => ReturnType<ReturnType<typeof threeRegions>>, region: number, forwards = false) =>
  dynamodbTaskStore({ table: TABLE, agents, parts: at().parts(region, forwards) });

describe('a task store of a region that holds its home', () => {
  const at = threeRegions();
  let isHeld = false;
  beforeEach(async () => {
    if (!isHeld) await at().hold(US, US, 0);
    isHeld = true;
  });
  taskStoreContract((own) => dynamodbTaskStore({ table: TABLE, agents: own, parts: at().parts(US) }));
});

describe('tasks over three regions', () => {
  const at = threeRegions();

  it('are written and read where their home is held, and elsewhere only by processes that forward', async () => {
    await at().hold(EU, EU, 1);
    const task = sampleTask({ id: idIn('eu') });
    expect(await open(at, EU).create(task)).toMatchObject({ created: true });
    expect(await open(at, US, true).get(task.id)).toEqual(task);
    // A worker reads what has arrived in its own region.
    expect(await open(at, US).get(task.id)).toBeNull();
    await expect(open(at, US).replace({ ...task, version: 2 })).rejects.toThrow(HomeLost);
    expect(await open(at, US, true).replace({ ...task, version: 2, crashes: 1 })).toBe('replaced');
    expect(await open(at, EU).get(task.id)).toMatchObject({ version: 2, crashes: 1 });
    // One key is one task, whichever region received it (G5).
    expect(await open(at, AP, true).create(task)).toMatchObject({ created: false, task: { version: 2 } });
  });

  it('are not waited for when their region does not answer: it is asked once in seconds', async () => {
    const parts = at().parts(US, true);
    let asked = 0;
    const client = {
      send: () => ((asked += 1), new Promise<never>((_, reject) => setImmediate(reject, new Error('gone')))),
    };
    const clients = (index: number) => (index === EU ? (client as never) : parts.clients(index));
    const holders = dynamodbHomeHolders({ regions: parts.regions, clients });
    await at().hold(EU, EU, 1);
    expect(await Promise.all([holders.of(EU), holders.of(EU)])).toEqual([null, null]);
    expect(holders.lastOf(EU)).toBeNull();
    expect(await holders.of(EU)).toBeNull();
    expect(asked).toBe(1);
  });

  it('go on where their region is once too slow to say what it holds, as long as that is valid', async () => {
    const parts = at().parts(US, true);
    let [isBusy, time] = [false, Date.now()];
    const busy = { send: () => new Promise<never>((_, reject) => setImmediate(reject, new Error('too slow'))) };
    const clients = (index: number) => (index === EU && isBusy ? (busy as never) : parts.clients(index));
    const holders = dynamodbHomeHolders({ regions: parts.regions, clients, now: () => time });
    await at().hold(EU, EU, 1);
    const held = await holders.of(EU);
    expect(held).toMatchObject({ holder: EU });
    isBusy = true;
    time += 3_000;
    expect(await holders.of(EU)).toEqual(held);
    time += 3_000;
    expect(await holders.of(EU)).toBeNull();
    expect(holders.lastOf(EU)).toBe(EU);
  });

  it('are not written while nobody holds their home', async () => {
    await at().lapse(AP, AP, 2);
    await expect(open(at, US, true).create(sampleTask({ id: idIn('ap') }))).rejects.toThrow(HomeLost);
    await expect(open(at, AP).create(sampleTask({ id: idIn('ap') }))).rejects.toThrow(HomeLost);
  });

  it('are adopted under another key, and what the lost region writes later changes nothing (G2, G3)', async () => {
    await at().hold(EU, EU, 1);
    const eu = open(at, EU);
    const task = sampleTask({ id: idIn('eu') });
    await eu.create(task);
    await at().replicate(EU, US);
    const before = at().parts(EU);
    await at().hold(EU, US, 16);
    const us = at().parts(US);
    const found = await tasksToAdopt({ client: us.clients(US), table: TABLE }, agents, 'eu', 16);
    expect(found).toContain(task.id);
    const adopted = await tasksAt({ ...us, retentionDays: 30 }, US, 16).adopt(task.id);
    expect(adopted).toMatchObject({ version: 2, state: { status: 'queued' } });
    // The old home ends it under its old epoch: two tables reject the end, so it is not even written.
    const late = tasksAt({ ...before, retentionDays: 30 }, EU, 1);
    await expect(late.replace({ ...task, version: 2, state: succeeded(NOW) })).rejects.toThrow(HomeLost);
    expect(await open(at, US).get(task.id)).toMatchObject({ version: 2, state: { status: 'queued' } });
    expect(await tasksToAdopt({ client: us.clients(US), table: TABLE }, agents, 'eu', 16)).not.toContain(task.id);
  });

  it('keep an end that was pledged and not replicated (G3)', async () => {
    await at().hold(EU, EU, 1);
    const task = sampleTask({ id: idIn('eu') });
    const eu = open(at, EU);
    await eu.create(task);
    await at().replicate(EU, US);
    expect(await eu.replace({ ...task, version: 2, state: succeeded(NOW, { by: 'eu' }) })).toBe('replaced');
    await at().hold(EU, US, 16);
    const adopted = await tasksAt({ ...at().parts(US), retentionDays: 30 }, US, 16).adopt(task.id);
    expect(adopted?.state).toMatchObject({ status: 'succeeded', output: { by: 'eu' }, notified: false });
  });

  it('runs canaries in a region that holds no home', async () => {
    await at().lapse(AP, AP, 2);
    const store = dynamodbTaskStore({ table: TABLE, agents: ['canary'], parts: at().parts(AP) });
    const id = canaryId(AP, randomUUID(), ['us', 'eu', 'ap']);
    const canary = sampleTask({ id, agent: 'canary' });
    await store.create(canary);
    expect(await store.replace({ ...canary, version: 2, state: succeeded(NOW) })).toBe('replaced');
    expect(await store.get(id)).toMatchObject({ state: { status: 'succeeded' } });
    // No other region writes it, also after a takeover (G2).
    await at().hold(AP, US, 16);
    const us = dynamodbTaskStore({ table: TABLE, agents: ['canary'], parts: at().parts(US, true) });
    await expect(us.create(canary)).rejects.toThrow(HomeLost);
    await expect(us.replace({ ...canary, version: 2 })).rejects.toThrow(HomeLost);
    const open = sampleTask({ id: canaryId(AP, randomUUID(), ['us', 'eu', 'ap']), agent: 'canary' });
    await store.create(open);
    await at().replicate(AP, US);
    const table = { client: at().parts(US).clients(US), table: TABLE };
    expect(await tasksToAdopt(table, ['canary', ...agents], 'ap', 16)).toEqual([]);
  });
});

describe('other items over three regions', () => {
  const at = threeRegions();

  it('has sessions where their home is held, and goes on with a copy after a takeover', async () => {
    await at().hold(EU, EU, 1);
    const session = { ...newSession('acme', 'eu.s1', { tokenLimit: 1_000, keptMs: 60_000 }), version: 1 };
    const of = (region: number) => dynamodbSessionStore({ table: TABLE, client: at().parts(region).client });
    expect(await of(EU).write(session)).toBe('written');
    await at().replicate(EU, US);
    await at().hold(EU, US, 16);
    expect(await of(US).write({ ...session, version: 2 })).toBe('written');
    expect(await of(US).write({ ...session, version: 2 })).toBe('conflict');
    await expect(of(EU).write({ ...session, version: 2 })).rejects.toThrow(HomeLost);
  });

  it('opens a session once, also under a later epoch', async () => {
    await at().hold(EU, EU, 1);
    const first = { ...newSession('acme', 'eu.s2', { tokenLimit: 1_000, keptMs: 60_000 }), version: 1 };
    const of = (region: number) => dynamodbSessionStore({ table: TABLE, client: at().parts(region).client });
    expect(await of(EU).create(first)).toBeNull();
    expect(await of(EU).create({ ...first, expiresAt: 5 })).toEqual(first);
    await of(EU).write({ ...first, version: 2 });
    await at().replicate(EU, US);
    await at().hold(EU, US, 16);
    expect(await of(US).create({ ...first, expiresAt: 5 })).toEqual({ ...first, version: 2 });
    expect(await of(US).write({ ...first, version: 3 })).toBe('written');
    expect(await of(US).create(first)).toEqual({ ...first, version: 3 });
    expect(await of(US).create({ ...first, id: 'eu.s3' })).toBeNull();
    await expect(of(EU).create(first)).rejects.toThrow(HomeLost);
  });

  it('counts usage for each region, and reads the sum', async () => {
    const key = { tenant: 'acme', day: '2026-11-30', agent: 'a' };
    for (const region of [US, EU]) {
      await dynamodbUsageStore({ table: TABLE, client: at().parts(region).client }).add(key, {
        ended: { succeeded: 2 },
      });
    }
    await at().replicate(EU, US);
    const store = dynamodbUsageStore({ table: TABLE, client: at().parts(US).client });
    const rows = await store.query({ tenant: 'acme', from: '2026-11-30', to: '2026-11-30' });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ ended: { succeeded: 4 } });
  });

  it('has a line of waiting tasks for each region, whose limit counts no others', async () => {
    const of = (region: number) => dynamodbPermitStore({ table: TABLE, client: at().parts(region).client });
    for (const [index, region] of [US, US, US, EU].entries()) {
      const waiting = { taskId: idIn('eu'), createdAt: NOW + index, epoch: 1 };
      await of(region).line('acme', waiting);
    }
    await at().replicate(US, EU);
    expect((await of(EU).first('acme', 1)).map(({ createdAt }) => createdAt)).toEqual([NOW + 3]);
    expect(await of(US).first('acme', 10)).toHaveLength(3);
  });

  it('reads keys of the API from its own replica', async () => {
    await at().hold(US, US, 0);
    const hash = 'ab'.repeat(32);
    const key: ApiKey = { hash, name: 'n', tenant: 'acme', scopes: [], agents: null, createdAt: NOW };
    await dynamodbKeyStore({ table: TABLE, client: at().parts(US).client }).create(key);
    const eu = dynamodbKeyStore({ table: TABLE, client: at().parts(EU).client });
    expect(await eu.get(hash)).toBeNull();
    await at().replicate(US, EU);
    expect(await eu.get(hash)).toMatchObject({ tenant: 'acme' });
  });

  it('forgets a callback that was sent after a takeover, although the lost region still has it', async () => {
    await at().hold(EU, EU, 1);
    const of = (region: number) => dynamodbCallbackStore({ table: TABLE, parts: at().parts(region) });
    const callback = { ...sampleCallback('acme'), taskId: idIn('eu') };
    const parked = { callback, attempts: 5, dueAt: NOW };
    const dueIn = async (region: number) => collect(of(region).due(NOW));
    await of(EU).park(parked);
    await at().replicate(EU, US);
    // A region that does not hold the home leaves it to the one that does.
    await at().hold(US, US, 0);
    expect([(await dueIn(EU)).length, (await dueIn(US)).length]).toEqual([1, 0]);
    await at().hold(EU, US, 16);
    expect(await dueIn(US)).toHaveLength(1);
    expect(await of(US).get({ taskId: parked.callback.taskId, tenant: parked.callback.tenant })).toEqual(parked);
    const due = { taskId: parked.callback.taskId, tenant: parked.callback.tenant };
    await of(US).remove(parked);
    expect(await of(US).get(due)).toBeNull();
  });
});

describe('what a keeper says of a home', () => {
  const at = threeRegions();

  it('is not taken back by one that knows of an older epoch', async () => {
    const { regions, clients } = at().parts(EU);
    const taken = { home: US, holder: EU, epoch: 17, until: NOW + 27_000 };
    await writeHeld(regions, clients, taken);
    await writeHeld(regions, clients, { home: US, holder: US, epoch: 0, until: 0 });
    expect(await readHeld(regions, clients, EU)).toEqual([taken]);
  });

  it('keeps the later of two ends that keepers of one region were granted', async () => {
    const { regions, clients } = at().parts(US);
    const ending = (until: number) => ({ home: AP, holder: US, epoch: 48, until });
    await writeHeld(regions, clients, ending(2_000));
    await writeHeld(regions, clients, ending(1_000));
    expect(await readHeld(regions, clients, US)).toContainEqual(ending(2_000));
    await writeHeld(regions, clients, ending(3_000));
    expect(await readHeld(regions, clients, US)).toContainEqual(ending(3_000));
  });
});

describe('the leases of homes', () => {
  const at = threeRegions();

  it('are taken and beaten by one conditional write each, and tell what is stored', async () => {
    const { clients } = at().parts(US);
    const leases = dynamodbLeaseTables(clients, 'homes');
    expect(await leases.ask(US, 'us', { kind: 'read' })).toEqual({ granted: false, item: NO_LEASE });
    const take = { kind: 'take', seen: NO_LEASE, epoch: 0, beat: 1 } as const;
    expect(await leases.ask(US, 'us', take)).toEqual({ granted: true, item: { epoch: 0, beat: 1 } });
    expect(await leases.ask(US, 'us', { ...take, epoch: 1 })).toEqual({ granted: false, item: { epoch: 0, beat: 1 } });
    expect(await leases.ask(US, 'us', { kind: 'beat', epoch: 0, beat: 2 })).toMatchObject({ granted: true });
    // A late beat changes nothing.
    expect(await leases.ask(US, 'us', { kind: 'beat', epoch: 0, beat: 1 })).toMatchObject({ granted: false });
    // Another keeper of the region with the same beat is no grant: the item is not its own.
    const other = dynamodbLeaseTables(clients, 'homes');
    expect(await other.ask(US, 'us', { kind: 'beat', epoch: 0, beat: 2 })).toEqual({
      granted: false,
      item: { epoch: 0, beat: 2 },
    });
    const old = { kind: 'take', seen: { epoch: 0, beat: 1 }, epoch: 17, beat: 1 } as const;
    expect(await leases.ask(US, 'us', old)).toMatchObject({ granted: false });
    expect(await leases.ask(US, 'us', { ...old, seen: { epoch: 0, beat: 2 } })).toMatchObject({ granted: true });
  });
});
