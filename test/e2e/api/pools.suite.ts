import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { newTask } from '#core/tasks/submit.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import type { ApiFleet, Call } from './fleet.ts';

export function poolSuite(shared: () => ApiFleet): void {
  let fleet: ApiFleet;
  let call: Call;
  beforeAll(async () => {
    fleet = shared();
    call = fleet.as(await fleet.makeKey());
  });

  const DIED_IN = { name: '2026/11/23/[$LATEST]0123', trace: '1-67891233-abcdef012345678912345678' };
  const pool = async () => ((await call('GET /pools')).body['pools'] as Record<string, unknown>[])[0];
  const submit = async () => (await call('POST /tasks', { agent: 'parrot', instruction: 'hello' })).body.id;

  describe('a pool', () => {
    it('is paused with a reason: tasks wait and are not lost. After a resume new ones run at once', async () => {
      expect(await pool()).toMatchObject({ agent: 'parrot', status: 'active', waiting: { high: 0, deadLetters: 0 } });
      const why = { reason: 'The model answers nonsense.', by: 'ada' };
      expect((await call('POST /pools/parrot/pause', why)).body).toMatchObject({ status: 'paused', ...why });
      let waiting = '';
      // Workers cache the state of their pool for two seconds, so a warm one still does a task at first.
      await vi.waitUntil(async () => {
        waiting = await submit();
        return (await call(`GET /tasks/${waiting}?wait=1`)).body['status'] === 'parked';
      }, 90_000);
      expect((await call(`GET /tasks/${waiting}`)).body).toMatchObject({
        status: 'parked',
        waitsFor: { cause: 'paused' },
      });
      const counted = (await call('GET /pools?tasks=true')).body['pools'] as Record<string, unknown>[];
      expect(counted[0]).toMatchObject({
        agent: 'parrot',
        tasks: { running: 0, parked: { paused: 1 }, complete: true },
      });
      expect((await call('POST /pools/parrot/resume')).body).toMatchObject({ status: 'resuming' });
      await vi.waitUntil(
        async () => (await call(`GET /tasks/${await submit()}?wait=5`)).body['status'] === 'succeeded',
        90_000,
      );
      expect((await call(`POST /tasks/${waiting}/cancel`)).body).toMatchObject({ status: 'cancelled' });
    });

    it('that does not exist, or that the key may not use, is rejected', async () => {
      expect((await call('POST /pools/nobody/resume')).status).toBe(404);
      const other = fleet.as(await fleet.makeKey({ agents: ['other'] }));
      expect((await other('POST /pools/parrot/resume')).status).toBe(403);
      expect((await other('GET /pools')).body['pools']).toEqual([]);
    });
  });

  describe('a tenant and the fleet', () => {
    const why = { reason: 'It spends too much.', by: 'ada' };
    const end = async (as: Call, id: string, seconds = 25) =>
      (await as(`GET /tasks/${id}?wait=${seconds}`)).body['status'];
    /** Workers cache what holds a task for two seconds, so a warm one still does a task at first. */
    const parked = async (as: Call): Promise<string> => {
      for (;;) {
        const { id } = (await as('POST /tasks', { agent: 'parrot', instruction: 'hello' })).body;
        const state = async () => (await as(`GET /tasks/${id}`)).body['status'];
        await vi.waitUntil(async () => ['parked', 'succeeded'].includes(String(await state())), 90_000);
        if ((await state()) === 'parked') return id;
      }
    };

    it('I13: are paused for all pools, and resumed in steps that say their limits', async () => {
      const other = fleet.as(await fleet.makeKey({ tenant: 'paused' }));
      expect((await call('POST /tenants/paused/pause', why)).body).toMatchObject({ tenant: 'paused', ...why });
      const waiting = await parked(other);
      const holds = { fleet: { status: 'active' }, tenants: [{ tenant: 'paused', status: 'paused' }] };
      expect((await other('GET /pools')).body).toMatchObject(holds);
      expect(await end(call, await submit())).toBe('succeeded');
      const resumed = await call('POST /tenants/paused/resume?steps=50,100&minutes=1');
      expect(resumed.body).toMatchObject({ status: 'resuming', steps: [{ percent: 50, limit: 3 }, { percent: 100 }] });
      await other(`POST /tasks/${waiting}/cancel`);
      expect((await call('POST /fleet/pause', why)).body).toMatchObject({ status: 'paused' });
      const held = await parked(call);
      expect((await call('POST /fleet/resume?steps=10')).body).toMatchObject({ status: 'resuming' });
      await call(`POST /tasks/${held}/cancel`);
      // With a permit of the step, since its limit is one task. Those that a warm worker still parks are left.
      await vi.waitUntil(async () => (await end(call, await submit(), 3)) === 'succeeded', 90_000);
      expect((await call('POST /fleet/resume')).body).not.toHaveProperty('steps');
    });
  });

  describe('dead letters', () => {
    it('are listed with their last error, and redriven once, only by their tenant', async () => {
      const dead = await givenUp(['task-dead-1', 'task-dead-2'], 'acme');
      await givenUp(['task-foreign'], 'other');
      const list = async () =>
        (await call('GET /pools/parrot/dead-letters')).body['deadLetters'] as Record<string, unknown>[];
      expect((await list()).map(({ id }) => id)).toEqual(dead.toReversed());
      expect((await list())[0]).toMatchObject({
        failure: { kind: 'crashed', reason: 'The worker died.' },
        lastError: { reason: 'Out of memory.', worker: DIED_IN },
        attempts: 0,
        crashes: 8,
      });
      const one = await call('POST /pools/parrot/redrive', { tasks: ['task-dead-1', 'task-foreign'] });
      expect(one.body['redriven']).toMatchObject([{ deadLetter: 'task-dead-1' }]);
      const rest = await call('POST /pools/parrot/redrive', {});
      expect(rest.body).toMatchObject({ redriven: [{ deadLetter: 'task-dead-2' }], more: false });
      expect((await call('POST /pools/parrot/redrive', {})).body['redriven']).toEqual([]);
      const [{ task: made }] = rest.body['redriven'] as [{ task: string }];
      const { body: again } = await call(`GET /tasks/${made}?wait=25`);
      // The log stream and trace of the worker.
      const worker = {
        name: expect.stringContaining('[$LATEST]'),
        trace: expect.stringMatching(/^1-[\da-f]{8}-[\da-f]{24}$/),
      };
      expect(again).toMatchObject({ status: 'succeeded', worker });
      expect((await list())[0]).toMatchObject({ redrivenAs: made });
    });
  });

  /** Tasks whose workers crashed too often, as the dead-letter function leaves them. */
  async function givenUp(ids: readonly string[], tenant: string): Promise<readonly string[]> {
    const client = new DynamoDBClient(fleet.client);
    const store = dynamodbTaskStore({ table: fleet.output('platform', 'StateTable'), client });
    const now = Date.now();
    for (const [index, id] of ids.entries()) {
      const task = newTask(taskIdSchema.parse(id), {
        tenant,
        agent: 'parrot',
        agentVersion: '1',
        priority: 'default',
        input: { instruction: 'hello' },
        budget: { tokens: 100_000, usd: 1 },
        createdAt: now,
        deadline: now + 600_000,
        request: { id: 'test', retry: 0 },
      });
      const failure = { kind: 'crashed' as const, reason: 'The worker died.' };
      await store.create({
        ...task,
        crashes: 8,
        lastError: { reason: 'Out of memory.', at: now, worker: DIED_IN },
        state: { status: 'failed', failure, finishedAt: now + index, notified: true },
      });
    }
    client.destroy();
    return ids;
  }
}
