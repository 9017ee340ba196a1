import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ApiFleet, Call } from './fleet.ts';

export function taskSuite(shared: () => ApiFleet): void {
  let fleet: ApiFleet;
  let call: Call;
  beforeAll(async () => {
    fleet = shared();
    call = fleet.as(await fleet.makeKey());
  });

  const submit = (task: object, key?: string) =>
    call('POST /tasks', { agent: 'parrot', ...task }, key === undefined ? {} : { 'idempotency-key': key });
  const ended = async (id: string) => (await call(`GET /tasks/${id}?wait=25`)).body;

  describe('a task', () => {
    it('is accepted, runs, and can be waited for', async () => {
      const { status, body, headers } = await submit({ instruction: 'hello', metadata: { order: '17' } });
      expect(status).toBe(202);
      expect(headers.get('location')).toBe(`/tasks/${body.id}`);
      const task = await ended(body.id);
      expect(task).toMatchObject({
        id: body.id,
        status: 'succeeded',
        output: { text: 'Say the instruction back. | 1 | hello' },
        metadata: { order: '17' },
        steps: 1,
      });
      expect(String(task['finishedAt']) >= String(task['createdAt'])).toBe(true);
      expect(task['usage']).toMatchObject({ output: expect.any(Number) });
    });

    it('uses the given system prompt', async () => {
      const { body } = await submit({ instruction: 'hello', system: 'Be a pirate.' });
      expect(await ended(body.id)).toMatchObject({ output: { text: 'Be a pirate. | 1 | hello' } });
    });

    it('returns its steps, including tool calls', async () => {
      const { body } = await submit({ instruction: 'note: milk' });
      await ended(body.id);
      const { steps } = (await call(`GET /tasks/${body.id}/steps`)).body;
      expect(steps).toMatchObject([
        { kind: 'model' },
        { kind: 'tool', tool: 'note', isError: false },
        { kind: 'model' },
      ]);
    });

    it('fails with the reason if its budget does not allow the call', async () => {
      const { body } = await submit({ instruction: 'hello', budget: { tokens: 100 } });
      const { status, failure, spent } = await ended(body.id);
      expect({ status, failure, spent }).toMatchObject({
        status: 'failed',
        failure: { kind: 'over-budget' },
        spent: { usd: 0 },
      });
    });

    it('accepts a large input from a presigned upload', async () => {
      const input = JSON.stringify({ instruction: 'x'.repeat(100_000) });
      const { status, body: upload } = await call('POST /uploads', { size: Buffer.byteLength(input) });
      expect(status).toBe(200);
      const put = await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: input });
      expect(put.status).toBe(200);
      const { body } = await submit({ inputKey: upload['inputKey'] });
      const { status: how, output, failure } = await ended(body.id);
      expect({ how, failure }).toEqual({ how: 'succeeded' });
      expect(output?.text.endsWith('x'.repeat(900))).toBe(true);
    });
  });

  describe('I10: an idempotency key', () => {
    it('means one task and one response, however often it is sent', async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => submit({ instruction: 'once' }, 'key-1')));
      expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
      await ended(answers[0]?.body.id ?? '');
      expect((await submit({ instruction: 'once' }, 'key-1')).body).toEqual(answers[0]?.body);
    });

    it('with a different body is rejected', async () => {
      await submit({ instruction: 'once' }, 'key-2');
      const { status, body } = await submit({ instruction: 'twice' }, 'key-2');
      expect(status).toBe(422);
      expect(body['errors']).toMatchObject([{ field: 'Idempotency-Key' }]);
    });
  });

  describe('a session', () => {
    it('runs its tasks one after another, in order, with the earlier conversation', async () => {
      const ids: string[] = [];
      for (const instruction of ['one', 'two', 'three', 'four']) {
        ids.push((await submit({ instruction, sessionId: 'talk-1' })).body.id);
      }
      const tasks = await Promise.all(ids.map(ended));
      const texts = tasks.map((task) => task.output?.text);
      expect(texts.map((text) => text?.split(' | ')[1])).toEqual(['1', '2', '3', '4']);
      // The last turn is stored just after its task has ended.
      await vi.waitFor(async () => {
        const { turns } = (await call('GET /sessions/talk-1')).body as { turns?: { user: string }[] };
        expect(turns?.map(({ user }) => user)).toEqual(['one', 'two', 'three', 'four']);
      }, 90_000);
      expect((await call('DELETE /sessions/talk-1')).status).toBe(204);
      expect((await call('GET /sessions/talk-1')).body['turns']).toEqual([]);
    });
  });

  describe('many tasks', () => {
    it('a batch returns one result per item, and an invalid item does not affect the others', async () => {
      const tasks = [
        { agent: 'parrot', instruction: 'a' },
        { agent: 'nobody', instruction: 'b' },
        17,
        { agent: 'parrot' },
      ];
      const { status, body } = await call('POST /tasks/batch', { tasks });
      expect(status).toBe(200);
      expect(body.items.map((item) => item.status)).toEqual([202, 422, 422, 422]);
    });

    it('a run counts its tasks by status, and can be submitted twice safely', async () => {
      const run = { name: 'letters', tasks: ['a', 'b', 'c'].map((instruction) => ({ agent: 'parrot', instruction })) };
      const key = { 'idempotency-key': 'run-1' };
      const { status, body } = await call('POST /runs', run, key);
      expect(status).toBe(202);
      expect((await call('POST /runs', run, key)).body).toEqual(body);
      await Promise.all(body.items.map(({ task }) => ended(task.id)));
      expect((await call(`GET /runs/${body.id}`)).body).toMatchObject({
        name: 'letters',
        status: 'ended',
        size: 3,
        refused: 0,
        tasks: { succeeded: 3 },
      });
      const listed = (await call(`GET /tasks?runId=${body.id}`)).body.tasks;
      expect(listed).toHaveLength(3);
    });

    it('are listed page by page, newest first', async () => {
      const first = (await call('GET /tasks?limit=3')).body;
      const second = (await call(`GET /tasks?limit=3&cursor=${String(first['next'])}`)).body;
      expect(first.tasks).toHaveLength(3);
      const both = [...first.tasks, ...second.tasks].map(({ id }) => id);
      expect(new Set(both).size).toBe(6);
      const succeeded = (await call('GET /tasks?status=failed')).body.tasks;
      expect(new Set(succeeded.map(({ status }) => status))).toEqual(new Set(['failed']));
    });
  });

  describe('usage', () => {
    it('is counted by agent and day', async () => {
      const { rows } = (await call('GET /usage')).body as { rows?: { agent: string; calls: number; usd: number }[] };
      expect(rows?.[0]).toMatchObject({ agent: 'parrot' });
      expect(rows?.[0]?.calls).toBeGreaterThan(5);
      expect(rows?.[0]?.usd).toBeGreaterThan(0);
    });
  });
}
