import { describe, expect, it } from 'vitest';
import { dynamodbBulkStore } from '#adapters/dynamodb/bulk-store.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { poolsElsewhere } from '#adapters/dynamodb/regions/pools-elsewhere.ts';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import { agentCard } from '#core/agents/agent-card.ts';
import { bulkSubmissionSchema } from '#core/api/bulk/messages.ts';
import { getBulkAction } from '#core/api/bulk/rules.ts';
import { submitBulkAction } from '#core/api/bulk/submit.ts';
import { pauseFleet, resumeFleet, type HoldPorts } from '#core/api/pools/holds.ts';
import { runBulkAction } from '#core/bulk/run.ts';
import { FLEET } from '#core/pools/pool.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import { freshId, sampleTask } from '../../../contract/samples.ts';
import { seededIds } from '../../../support/fakes/seeded-ids.ts';
import { adder } from '../../../support/worker-harness.ts';
import { threeRegions, type ThreeRegions } from './three-regions.ts';

const [US, EU, AP] = [0, 1, 2];
const table = 'state';
const agents = ['adder'];
const idIn = (name: string): TaskId => taskIdSchema.parse(`${name}${freshId()}`);
const NOW = Date.now();
const clientOf = (at: ThreeRegions, region: number, forwards = false) => at.parts(region, forwards).client;

describe('a pause of the fleet', () => {
  const at = threeRegions();
  const pools = (region: number) => dynamodbPoolStore({ table, client: clientOf(at(), region) });
  const OPS = { tenant: 'ops', keyId: 'k', scopes: ['fleet' as const], agents: null };
  const api = (region: number): HoldPorts => ({
    pools: pools(region),
    poolsElsewhere: poolsElsewhere({ table, parts: at().parts(region, true) }),
    agents: new Map([['adder', agentCard(adder)]]),
    clock: { now: () => NOW },
  });
  const statuses = () =>
    Promise.all([US, EU, AP].map(async (region) => (await pools(region).get(FLEET))?.state.status));

  it('reaches each region, whichever is asked, and so does its end', async () => {
    expect(await pauseFleet(api(EU), OPS, { reason: 'r', by: 'ada' })).toMatchObject({ status: 'paused' });
    expect(await statuses()).toEqual(['paused', 'paused', 'paused']);
    // Each region's item is its own: nothing that arrives from another one changes it.
    await at().replicate(EU, US);
    expect(await resumeFleet(api(US), OPS, { minutes: 1 })).toMatchObject({ status: 'resuming' });
    expect(await statuses()).toEqual(['resuming', 'resuming', 'resuming']);
  });

  it('names the region that it did not reach, holds in the others, and can be repeated', async () => {
    at().lose(AP);
    const pausing = () => pauseFleet(api(US), OPS, { reason: 'r', by: 'ada' });
    for (let round = 0; round < 2; round += 1)
      await expect(pausing()).rejects.toMatchObject({
        kind: 'unavailable',
        retryAfter: 2,
        message: expect.stringContaining('ap') as string,
        errors: [{ message: 'could not be changed in ap' }],
      });
    expect((await pools(EU).get(FLEET))?.state).toMatchObject({ status: 'paused', reason: 'r' });
    expect((await pools(US).get(FLEET))?.state).toMatchObject({ status: 'paused', reason: 'r' });
  });
});

describe('a bulk action', () => {
  const at = threeRegions();
  const ACME = { tenant: 'acme', keyId: 'k', scopes: ['submit' as const, 'operate' as const], agents: null };
  const sent: TaskId[] = [];
  /** The API of a region and its function of bulk actions, which have the same rights. */
  const api = (region: number) => {
    const parts = at().parts(region, true);
    return {
      store: dynamodbTaskStore({ table, agents, parts }),
      usage: dynamodbUsageStore({ table, client: parts.client }),
      runs: dynamodbRunStore({ table, client: parts.client }),
      bulk: dynamodbBulkStore({ table, client: parts.client }),
      bulkQueue: { send: async () => undefined },
      queue: { serves: async () => true, send: async ({ id }: { readonly id: TaskId }) => void sent.push(id) },
      sessions: { get: async () => null } as never,
      agents: new Map([['adder', agentCard(adder)]]),
      clock: { now: () => NOW, elapsed: () => 0 } as never,
      ids: seededIds(1),
    };
  };
  const parse = (body: object) => bulkSubmissionSchema.parse(body);

  it('asked in any region cancels tasks of all homes, also of one that was taken over', async () => {
    await at().hold(US, US, 0);
    await at().hold(EU, EU, 1);
    await at().hold(AP, US, 16);
    const ids = [idIn(''), idIn('eu.'), idIn('ap.')];
    const [one, two, three] = ids.map((id) =>
      sampleTask({ id, agent: 'adder', tenant: 'acme', createdAt: NOW, deadline: NOW + 3_600_000 }),
    );
    for (const [region, task] of [
      [US, one],
      [EU, two],
      [US, three],
    ] as const)
      if (task) await dynamodbTaskStore({ table, agents, parts: at().parts(region) }).create(task);
    await at().replicate(US, EU);
    const eu = api(EU);
    const { id = '', count } = await submitBulkAction(
      eu,
      ACME,
      parse({ action: 'cancel', filter: { agent: 'adder' } }),
      { key: undefined, timeLeftMs: () => 29_000 },
    );
    expect(count).toBe(3);
    expect(await runBulkAction(eu, { tenant: 'acme', id }, async () => true)).toBe('ended');
    const query = { limit: 10 } as never;
    expect(await getBulkAction(api(AP), ACME, id, query)).toMatchObject({ done: 3, skipped: 0, failed: 0 });
    for (const task of ids) expect((await eu.store.get(task))?.state.status).toBe('cancelled');
    expect(sent.toSorted()).toEqual(ids.toSorted());
  });

  it('goes on in another region when its own is lost: the same request sends its message there', async () => {
    const [left] = [idIn('')];
    const task = sampleTask({ id: left, agent: 'adder', tenant: 'acme', createdAt: NOW, deadline: NOW + 3_600_000 });
    await dynamodbTaskStore({ table, agents, parts: at().parts(US) }).create(task);
    await at().replicate(US, EU);
    const messages: string[] = [];
    const inRegion = (region: number) => ({
      ...api(region),
      bulkQueue: { send: async () => void messages.push(`${region}`) },
    });
    const body = parse({ action: 'cancel', filter: { agent: 'adder' } });
    const options = { key: 'k-1', timeLeftMs: () => 29_000 };
    const { id = '' } = await submitBulkAction(inRegion(EU), ACME, body, options);
    at().lose(EU);
    await at().hold(EU, US, 16);
    expect((await submitBulkAction(inRegion(US), ACME, body, options)).id).toBe(id);
    expect(messages).toEqual([`${EU}`, `${US}`]);
    expect(await runBulkAction(inRegion(US), { tenant: 'acme', id }, async () => true)).toBe('ended');
    expect((await api(US).store.get(left))?.state.status).toBe('cancelled');
  });
});
