import { beforeAll, describe, expect, it } from 'vitest';
import { dynamodbBatchStore } from '#adapters/dynamodb/batch-store.ts';
import { holdsFirstHome } from '#adapters/dynamodb/regions/first-home.ts';
import { runElsewhere } from '#adapters/dynamodb/regions/run-elsewhere.ts';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbUploadStore } from '#adapters/dynamodb/upload-store.ts';
import type { Batch } from '#core/economy/batch.ts';
import { HomeLost } from '#core/regions/homed-tasks.ts';
import type { Run } from '#core/runs/run.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import { newUpload } from '#core/uploads/upload.ts';
import { collect, freshId } from '../../../contract/samples.ts';
import { threeRegions, type ThreeRegions } from './three-regions.ts';

const [US, EU, AP] = [0, 1, 2];
const table = 'state';
const idIn = (name: string): TaskId => taskIdSchema.parse(`${name}${freshId()}`);
const NOW = Date.now();
const clientOf = (at: ThreeRegions, region: number, forwards = false) => at.parts(region, forwards).client;

describe('runs over three regions', () => {
  const at = threeRegions();
  const runs = (region: number, forwards = false) =>
    dynamodbRunStore({ table, client: clientOf(at(), region, forwards) });
  const run = (id: string, change: Partial<Run> = {}): Run => ({
    id,
    tenant: 'acme',
    createdAt: NOW,
    size: 1,
    digest: 'd',
    execution: 'arn:aws:states:eu-west-1:1:execution:documents:batch-1',
    ...change,
  });

  it('are those of their region, although two regions use the same name', async () => {
    await at().hold(US, US, 0);
    await at().hold(EU, EU, 1);
    expect(await runs(US).create(run('batch-1', { name: 'of us' }))).toMatchObject({ created: true });
    expect(await runs(EU).create(run('eu.batch-1', { name: 'of eu' }))).toMatchObject({ created: true });
    expect(await runs(US, true).get('acme', 'eu.batch-1')).toMatchObject({ name: 'of eu' });
    expect(await runs(EU, true).get('acme', 'batch-1')).toMatchObject({ name: 'of us' });
    await at().replicate(EU, US);
    const listed = await collect(runs(US, true).list('acme'));
    expect(listed.map(({ id }) => id).toSorted()).toEqual(['batch-1', 'eu.batch-1']);
  });

  it('are found by the first region where one region alone wrote them', async () => {
    await at().hold(US, US, 0);
    // A fleet of one region has a plain client.
    await dynamodbRunStore({ table, client: at().parts(US).clients(US) }).create(run('before'));
    for (const region of [US, EU, AP])
      expect(await runs(region, true).get('acme', 'before')).toMatchObject({ size: 1 });
    expect(await runs(US).mark('acme', 'before', 'endedAt', NOW)).toMatchObject({ endedAt: NOW });
  });

  it('are begun and ended by their region while another one holds its home, by functions that forward', async () => {
    await at().hold(EU, US, 16);
    await expect(runs(EU).create(run('eu.batch-2'))).rejects.toThrow(HomeLost);
    expect(await runs(EU, true).create(run('eu.batch-2'))).toMatchObject({ created: true });
    expect(await runs(US).mark('acme', 'eu.batch-2', 'cancelledAt', NOW)).toMatchObject({ cancelledAt: NOW });
    expect(await runs(EU, true).mark('acme', 'eu.batch-2', 'endedAt', NOW)).toMatchObject({ cancelledAt: NOW });
  });

  it('stay cancelled when their region returns, so that it starts no task of them', async () => {
    await at().hold(EU, EU, 1);
    await runs(EU).create(run('eu.batch-3'));
    await at().replicate(EU, US);
    await at().hold(EU, US, 16);
    await runs(US, true).mark('acme', 'eu.batch-3', 'cancelledAt', NOW);
    await at().replicate(US, EU);
    // Its workers do not forward: they read their own replica.
    expect(await runs(EU).get('acme', 'eu.batch-3')).toMatchObject({ cancelledAt: NOW });
  });
});

describe('uploads over three regions', () => {
  const at = threeRegions();
  const uploads = (region: number) => dynamodbUploadStore({ table, client: clientOf(at(), region) });

  it('are taken in by the region of their bucket, whoever holds its home, each under its own item', async () => {
    await at().hold(EU, US, 16);
    const upload = { ...newUpload('folder-1'), lastObjectAt: 5 };
    await uploads(EU).create(upload);
    await uploads(US).create({ ...upload, lastObjectAt: 7 });
    await at().replicate(US, EU);
    await at().replicate(EU, US);
    expect(await uploads(EU).replace({ ...upload, version: 2, rounds: 1 })).toBe('replaced');
    expect(await uploads(US).get('folder-1')).toMatchObject({ version: 1, lastObjectAt: 7 });
    expect(await uploads(AP).get('folder-1')).toBeNull();
    // What a fleet of one region wrote is the first region's.
    const before = dynamodbUploadStore({ table, client: at().parts(US).clients(US) });
    expect(await before.get('folder-1')).toMatchObject({ lastObjectAt: 7 });
  });
});

describe('batches over three regions', () => {
  const at = threeRegions();
  const batches = (region: number) => dynamodbBatchStore({ table, parts: at().parts(region) });
  const made = (id: string): Batch => ({
    id,
    agent: 'adder',
    begunAt: NOW,
    version: 1,
    entries: [{ taskId: idIn('eu.'), customId: 'c', model: 'm' }],
    state: { status: 'made', providerId: 'msgbatch_1', seenAt: NOW },
  });

  it('go on where their home is held: the region that takes it over finds them open, and settles them', async () => {
    await at().hold(US, US, 0);
    await at().hold(EU, EU, 1);
    await batches(EU).create(made('eu.batch-1'));
    await batches(US).create(made('batch-2'));
    await at().replicate(EU, US);
    expect(await collect(batches(US).open('adder'))).toEqual(['batch-2']);
    await at().hold(EU, US, 16);
    expect((await collect(batches(US).open('adder'))).toSorted()).toEqual(['batch-2', 'eu.batch-1']);
    const batch = (await batches(US).get('eu.batch-1')) ?? made('');
    const over = { ...batch, version: 2, state: { status: 'over' as const, at: NOW, providerId: 'msgbatch_1' } };
    expect(await batches(US).replace(over)).toBe('replaced');
    // The poll of the lost region changes nothing when it is back.
    await expect(batches(EU).replace({ ...batch, version: 2 })).rejects.toThrow(HomeLost);
    expect(await collect(batches(EU).open('adder'))).toEqual([]);
  });
});

describe('what the fleet does once', () => {
  const at = threeRegions();

  it('is done by the region that holds the home of the first one, and by nobody while none does', async () => {
    const holds = () => Promise.all([US, EU, AP].map((region) => holdsFirstHome(at().parts(region))));
    await at().hold(US, US, 0);
    expect(await holds()).toEqual([true, false, false]);
    await at().hold(US, AP, 18);
    expect(await holds()).toEqual([false, false, true]);
    await at().lapse(US, AP, 18);
    await expect(holdsFirstHome(at().parts(EU))).rejects.toThrow(HomeLost);
    expect(await holdsFirstHome(null)).toBe(true);
  });
});

describe('the run of a schedule', () => {
  const at = threeRegions();
  const NIGHT = 'companies-nightly-2027-03-27';
  const runs = (region: number) => dynamodbRunStore({ table, client: clientOf(at(), region, true) });
  const elsewhere = (region: number, name = NIGHT) => runElsewhere('research', name, at().parts(region));
  const begin = (region: number, id: string) =>
    runs(region).create({ id, tenant: 'research', createdAt: NOW, size: 1, digest: id, execution: id });

  beforeAll(async () => {
    for (const home of [US, EU, AP]) await at().hold(home, home, home);
  });

  it('is known in the others by its item: while it goes on, and how it ended', async () => {
    expect(await elsewhere(US)).toBeNull();
    const runId = `eu.${NIGHT}`;
    await begin(EU, runId);
    await at().replicate(EU, US);
    expect(await elsewhere(US)).toEqual({ runId, status: 'RUNNING' });
    expect(await elsewhere(EU)).toBeNull();
    await runs(EU).mark('research', runId, 'endedAt', NOW + 1);
    await at().replicate(EU, US);
    expect(await elsewhere(US)).toEqual({ runId, status: 'SUCCEEDED' });
    expect(await elsewhere(US, `${NIGHT}-2`)).toBeNull();
    expect(await runElsewhere('research', NIGHT, null)).toBeNull();
  });

  it.each([
    ['failedAt', 'FAILED'],
    ['cancelledAt', 'ABORTED'],
  ] as const)('that is marked as %s is %s', async (mark, status) => {
    const name = `${NIGHT}-${mark}`;
    await begin(US, name);
    for (const each of [mark, 'endedAt'] as const) await runs(US).mark('research', name, each, NOW + 1);
    await at().replicate(US, EU);
    expect(await elsewhere(EU, name)).toEqual({ runId: name, status });
  });

  it('counts as none when its region has lost its home before it ended', async () => {
    const name = `${NIGHT}-lost`;
    await begin(US, name);
    await at().replicate(US, EU);
    await at().lapse(US, US, 0);
    await expect(elsewhere(EU, name)).rejects.toThrow(HomeLost);
    await at().hold(US, EU, 16);
    expect(await elsewhere(EU, name)).toBeNull();
  });
});
