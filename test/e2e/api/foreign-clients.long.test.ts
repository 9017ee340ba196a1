import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startApiFleet, type ApiFleet } from './fleet.ts';
import type { ForeignClient } from './foreign/client.ts';
import { curl, curlClient } from './foreign/curl.ts';
import { ApiDocument } from '../../support/api-document.ts';
import { drive, notDriven } from './foreign/drive.ts';
import { generateClient, generatedClient } from './foreign/generated.ts';
import { seedWorld } from './foreign/seed.ts';

const AS_JSON = ['--header', 'Content-Type: application/json', '--data-binary', '@-'];
const TSC = join(import.meta.dirname, '../../../node_modules/typescript/bin/tsc');

let fleet: ApiFleet;
let key: string;
let served: Record<string, unknown>;
let generated: string;
let document: ApiDocument;
beforeAll(async () => {
  fleet = await startApiFleet();
  key = await fleet.makeKey();
  served = (await curl([`${fleet.url}/openapi.json`])).body as Record<string, unknown>;
  document = new ApiDocument(served);
  generated = await generateClient(served, fleet.url, fleet.home);
});
afterAll(() => fleet[Symbol.asyncDispose]());

const worldOf = async (name: string) => {
  const client = new DynamoDBClient(fleet.client);
  const table = fleet.output('platform', 'StateTable');
  return seedWorld({ table, client }, { tenant: 'acme', agent: 'parrot', name }).finally(() => client.destroy());
};

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(served))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has no operation that the drive leaves out', () => {
    expect(document.operations.length).toBeGreaterThan(20);
    expect(notDriven(document)).toEqual([]);
  });
});

describe('orval’s client', () => {
  it('is strict TypeScript', async () => {
    const options = ['--noEmit', '--strict', '--target', 'es2024', '--lib', 'es2024,dom,dom.iterable', '--types', ''];
    const said = await promisify(execFile)(process.execPath, [TSC, ...options, generated], { cwd: fleet.home });
    expect(said).toMatchObject({ stdout: '', stderr: '' });
  });
});

describe.each<[name: string, make: () => Promise<ForeignClient>]>([
  ['curl', async () => curlClient(fleet.url, key)],
  ['orval’s client, generated from what the API serves', async () => generatedClient(generated, key)],
])('%s', (name, make) => {
  it('runs every operation, and all responses match the document', async () => {
    const driven = await drive(await make(), document, await worldOf(name.split('’')[0] ?? name));
    expect(driven.filter(({ faults }) => faults.length > 0)).toEqual([]);
    const got = (operation: string) => driven.find((each) => each.operation === operation)?.body;
    expect(got('getTask')).toMatchObject({ status: 'succeeded', output: { text: expect.stringContaining('hello') } });
    expect(got('getSession')).toMatchObject({ turns: [{ user: 'hello' }] });
    expect(got('answerEscalation')).toMatchObject({ status: 'answered', reply: 'It is on its way.' });
    expect(got('redrive')).toMatchObject({ redriven: [{}] });
  });
});

describe('curl, by hand', () => {
  const post = (path: string, body: unknown, more: readonly string[] = []) =>
    curl(['--request', 'POST', ...AS_JSON, ...bearer(), ...more, `${fleet.url}${path}`], JSON.stringify(body));
  const get = (path: string) => curl([...bearer(), `${fleet.url}${path}`]);
  const bearer = () => ['--header', `Authorization: Bearer ${key}`];
  const idempotent = (value: string) => ['--header', `Idempotency-Key: ${value}`];

  it('waits for a task; a retry returns the same task, and a different body is rejected', async () => {
    const task = { agent: 'parrot', instruction: 'once' };
    const first = await post('/tasks', task, idempotent('curl-1'));
    expect(first.status).toBe(202);
    const { id } = first.body as { id: string };
    expect(await get(`/tasks/${id}?wait=25`)).toMatchObject({ status: 200, body: { id, status: 'succeeded' } });
    expect((await post('/tasks', task, idempotent('curl-1'))).body).toEqual(first.body);
    expect(await post('/tasks', { ...task, instruction: 'twice' }, idempotent('curl-1'))).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'Idempotency-Key', remedy: expect.any(String) }] },
    });
  });

  it('submits a batch with one invalid task', async () => {
    const tasks = [{ agent: 'parrot', instruction: 'a' }, { agent: 'parrot' }];
    const { status, body } = await post('/tasks/batch', { tasks });
    expect(status).toBe(200);
    expect(body).toMatchObject({ items: [{ status: 202 }, { status: 422, problem: { errors: [{}] } }] });
  });

  it('uploads a large input, and a task uses it', async () => {
    const input = JSON.stringify({ instruction: `${'x'.repeat(200_000)} the end` });
    const { body } = await post('/uploads', { size: input.length });
    const { url, headers, inputKey } = body as { url: string; headers: Record<string, string>; inputKey: string };
    const told = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
    expect((await curl(['--request', 'PUT', ...told, '--data-binary', '@-', url], input)).status).toBe(200);
    const { id } = (await post('/tasks', { agent: 'parrot', inputKey })).body as { id: string };
    const { output } = (await get(`/tasks/${id}?wait=25`)).body as { output?: { text: string } };
    expect(output?.text.endsWith('the end')).toBe(true);
  });

  it('cancels a task that waits in a paused pool', async () => {
    await post('/pools/parrot/pause', { reason: 'To cancel in peace.', by: 'curl' });
    let id = '';
    // Workers cache the state of their pool for two seconds, so an earlier task would still run.
    await vi.waitUntil(async () => {
      ({ id } = (await post('/tasks', { agent: 'parrot', instruction: 'never' })).body as { id: string });
      return ((await get(`/tasks/${id}?wait=1`)).body as { status: string }).status === 'parked';
    }, 90_000);
    expect(await post(`/tasks/${id}/cancel`, undefined)).toMatchObject({ status: 202, body: { status: 'cancelled' } });
    await post('/pools/parrot/resume', undefined);
    expect(await get(`/tasks/${id}?wait=5`)).toMatchObject({ body: { status: 'cancelled' } });
  });
});
