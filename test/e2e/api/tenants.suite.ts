import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiFleet, Call } from './fleet.ts';

export function tenantSuite(shared: () => ApiFleet): void {
  let fleet: ApiFleet;
  let acme: Call;
  let other: Call;
  let id: string;
  beforeAll(async () => {
    fleet = shared();
    acme = fleet.as(await fleet.makeKey({ tenant: 'acme' }));
    other = fleet.as(await fleet.makeKey({ tenant: 'other' }));
    const { body } = await acme(
      'POST /tasks',
      { agent: 'parrot', instruction: 'secret', sessionId: 'talk' },
      { 'idempotency-key': 'k' },
    );
    id = body.id;
    await acme(`GET /tasks/${id}?wait=25`);
  });

  describe('I8: another tenant’s', () => {
    it.each([
      'GET /tasks/ID',
      'GET /tasks/ID?wait=1',
      'GET /tasks/ID/steps',
      'POST /tasks/ID/cancel',
      'GET /sessions/talk',
      'DELETE /sessions/talk',
    ])('%s is not found, like an item that does not exist', async (route) => {
      const foreign = await other(route.replace('ID', id));
      const absent = await other(route.replace('ID', 'task-none').replace('talk', 'none'));
      expect(foreign.status).toBe(404);
      expect(absent.status).toBe(404);
      expect(foreign.body['title']).toEqual(absent.body['title']);
    });

    it('tasks, runs and usage are not listed', async () => {
      expect((await other('GET /tasks')).body['tasks']).toEqual([]);
      expect((await other('GET /runs')).body['runs']).toEqual([]);
      expect((await other('GET /usage')).body['rows']).toEqual([]);
    });

    it('tasks are in no bulk action, and a bulk action is not found', async () => {
      const filter = { tasks: [id] };
      const retry = { action: 'retry', filter: { ...filter, status: 'cancelled' } };
      const cancel = { action: 'cancel', filter };
      for (const body of [
        cancel,
        retry,
        { action: 'redrive', filter },
        { action: 'cancel', filter: { agent: 'parrot' } },
      ])
        expect((await other('POST /bulk-actions', { ...body, dryRun: true })).body).toMatchObject({
          count: 0,
          sample: [],
        });
      const made = await acme('POST /bulk-actions', cancel);
      for (const route of ['GET /bulk-actions/ID', 'POST /bulk-actions/ID/cancel']) {
        expect((await other(route.replace('ID', made.body.id))).status).toBe(404);
        expect((await acme(route.replace('ID', made.body.id))).status).toBeLessThan(300);
      }
      expect((await other('GET /bulk-actions')).body['actions']).toEqual([]);
    });

    it('idempotency key and session are separate', async () => {
      const { body } = await other(
        'POST /tasks',
        { agent: 'parrot', instruction: 'secret', sessionId: 'talk' },
        { 'idempotency-key': 'k' },
      );
      expect(body.id).not.toBe(id);
      const task = (await other(`GET /tasks/${body.id}?wait=25`)).body;
      // The conversation starts with this task.
      expect(task['output']).toEqual({ text: 'Say the instruction back. | 1 | secret' });
    });

    it('upload cannot be used as an input', async () => {
      const { body } = await acme('POST /uploads', { size: 2 });
      await fetch(body.url, { method: 'PUT', headers: body.headers, body: '{}' });
      const { status } = await other('POST /tasks', { agent: 'parrot', inputKey: body['inputKey'] });
      expect(status).toBe(422);
    });
  });

  describe('a key', () => {
    it('allows only what its scopes permit', async () => {
      const reader = fleet.as(await fleet.makeKey({ scopes: ['read'] }));
      expect((await reader('GET /tasks')).status).toBe(200);
      const { status, body } = await reader('POST /tasks', { agent: 'parrot', instruction: 'x' });
      expect(status).toBe(403);
      expect(body['detail']).toContain('does not have the scope "submit"');
    });

    it('allows only its agents', async () => {
      const limited = fleet.as(await fleet.makeKey({ agents: ['somebody-else'] }));
      expect((await limited('POST /tasks', { agent: 'parrot', instruction: 'x' })).status).toBe(403);
      expect((await limited('GET /agents')).body['agents']).toEqual([]);
      expect((await limited('GET /tasks')).body['tasks']).toEqual([]);
    });

    it('of some agents continues a session of theirs, and does not join one of others', async () => {
      const keyOf = async (agents: string[] | null) => fleet.as(await fleet.makeKey({ tenant: 'sessions', agents }));
      const [owner, limited] = [await keyOf(null), await keyOf(['parrot'])];
      const turn = { agent: 'parrot', instruction: 'say x', sessionId: 'theirs' };
      for (const call of [limited, limited, owner, limited]) expect((await call('POST /tasks', turn)).status).toBe(202);
      expect((await (await keyOf(['somebody-else']))('DELETE /sessions/theirs')).status).toBe(403);
    });

    it.each([
      ['a foreign one', `flk_${'x'.repeat(32)}`],
      ['nonsense', 'nonsense'],
      ['none', ''],
    ])('that is %s is rejected with 401 and the remedy', async (_name, key) => {
      const { status, body, headers } = await fleet.as(key)('GET /tasks');
      expect(status).toBe(401);
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(body['detail']).toMatch(/key/i);
    });
  });
}
