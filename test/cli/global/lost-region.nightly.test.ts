import { readFile } from 'node:fs/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { findSchedule } from '#cli/schedules/find.ts';
import { generateSamples } from '#systems/documents/samples/samples.ts';
import { startThreeClouds, type ThreeClouds } from './support/three-clouds.ts';

/**
 * What docs/global.md and ADR 51 say becomes of a run, its documents, a batch, a large input and a schedule when their region
 * dies. The fleet is paused at the region's death, so that nothing has been called yet, and no call may be made twice.
 */
let three: ThreeClouds;
/** The region that held the home of the first one after its death. */
let taker = '';
const ids = { input: '', economy: [] as string[], documents: [] as string[] };
const OTHERS = ['eu', 'ap'] as const;
const NIGHT = 'companies-nightly-2026-01-01';

beforeAll(async () => {
  three = await startThreeClouds(['assistant', 'documents', 'nightly'], { 'documents.quietSeconds': 2 });
});
afterAll(async () => {
  await three[Symbol.asyncDispose]();
});

const put = async (region: string, Bucket: string, Key: string, Body: string | Uint8Array): Promise<void> => {
  const s3 = new S3Client(three.clientOf(region));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body })).finally(() => s3.destroy());
};

const taskSchema = z.object({ tasks: z.array(z.object({ id: z.string(), status: z.string() })) });
const tasksOf = async (region: string, run: string) =>
  taskSchema.parse((await three.ask(region, `GET /tasks?runId=${run}`)).body).tasks;
const statusOf = async (region: string, id: string) =>
  z.looseObject({ status: z.string() }).parse((await three.ask(region, `GET /tasks/${id}`)).body).status;
const runOf = async (region: string, run: string) => {
  const { body } = await three.ask(region, `GET /runs/${run}`);
  return z.object({ status: z.string(), tasks: z.record(z.string(), z.number()) }).safeParse(body).data;
};

/** The steps of the calls that reached the model, by its own ledger. */
async function stepsCalled(): Promise<readonly string[]> {
  const lines = (await readFile(three.fleet.ledger, 'utf8')).split('\n').filter((line) => line !== '');
  const schema = z.object({ stepId: z.string().nullish() });
  return lines.flatMap((line) => schema.parse(JSON.parse(line)).stepId ?? []);
}

/** Calls the function of the schedule in a region, as its Scheduler does. */
async function due(region: string): Promise<string | null> {
  const client = three.clientOf(region);
  const [scheduler, lambda] = [new SchedulerClient(client), new LambdaClient(client)];
  try {
    const { parts } = await findSchedule({ scheduler, client, prefix: 'fleet-global' }, 'nightly');
    const part = parts.find(({ input }) => input?.occasion === 'due');
    const event = JSON.stringify({ ...part?.input, scheduledTime: '2026-01-01T21:00:00Z' });
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: part?.definition.Target?.Arn, Payload: Buffer.from(event) }),
    );
    expect(FunctionError).toBeUndefined();
    return z.object({ runId: z.string().nullable() }).parse(JSON.parse(Buffer.from(Payload ?? []).toString('utf8')))
      .runId;
  } finally {
    scheduler.destroy();
    lambda.destroy();
  }
}

it('work of three kinds waits in the first region, and its objects are copied', async () => {
  const client = three.near('us');
  expect(await three.ask('us', 'POST /fleet/pause', { reason: 'nothing may be called yet', by: 'ada' })).toMatchObject({
    status: 200,
  });
  const documents = await three.bucket('us', 'documents', 'artifactsbucket');
  for await (const { file, bytes } of generateSamples({ count: 3, broken: 0, seed: 7 }))
    await put('us', documents, `uploads/batch-1/${file}`, bytes);
  for (const sum of ['2 + 3', '6 * 7']) {
    const task = { agent: 'assistant', instruction: `What is ${sum}?`, priority: 'economy' } as const;
    ids.economy.push((await client.submit(task)).id);
  }
  const input = JSON.stringify({ instruction: 'What is 8 times 7?' });
  const upload = z
    .object({ inputKey: z.string(), url: z.url(), headers: z.record(z.string(), z.string()) })
    .parse((await three.ask('us', 'POST /uploads', { size: Buffer.byteLength(input) })).body);
  expect((await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: input })).ok).toBe(true);
  const { inputKey } = upload;
  const accepted = await three.ask('us', 'POST /tasks', { agent: 'assistant', inputKey });
  ids.input = z.object({ id: z.string() }).parse(accepted.body).id;

  // What has arrived elsewhere is what can go on there.
  for (const region of OTHERS) {
    const parked = async () => (await tasksOf(region, 'batch-1')).map(({ status }) => status);
    await expect.poll(parked).toEqual(['parked', 'parked', 'parked']);
    const s3 = new S3Client(three.clientOf(region));
    for (const [system, resource, count] of [
      ['documents', 'artifactscopiesb', 3],
      ['platform', 'inputsbucket', 1],
    ] as const) {
      const list = new ListObjectsV2Command({ Bucket: await three.bucket(region, system, resource) });
      await expect.poll(async () => (await s3.send(list)).KeyCount).toBe(count);
    }
    s3.destroy();
    for (const id of [ids.input, ...ids.economy])
      await expect.poll(() => statusOf(region, id)).toMatch(/^(queued|parked)$/);
  }
  ids.documents = (await tasksOf('eu', 'batch-1')).map(({ id }) => id);
  expect(await stepsCalled()).toEqual([]);
});

it('the region dies, and each of them ends in another one: documents and inputs are read from copies', async () => {
  await three.fleet.kill('us');
  await expect.poll(async () => (await three.holders())['us'], { timeout: 120_000 }).toMatch(/^(eu|ap)$/);
  taker = (await three.holders())['us'] ?? '';
  // The change holds in two regions. The third one has to be told when it is back.
  expect(await three.ask(taker, 'POST /fleet/resume')).toMatchObject({ status: 503 });
  for (const id of [ids.input, ...ids.documents, ...ids.economy])
    await expect.poll(() => statusOf(taker, id), { timeout: 240_000 }).toBe('succeeded');
});

it('a night is started by the region that holds the home of the first one, and by no other', async () => {
  for (const region of OTHERS) {
    const artifacts = await three.bucket(region, 'companies', 'artifactsbucket');
    await put(region, artifacts, 'uploads/companies.jsonl', JSON.stringify({ id: 'acme', name: 'Acme Inc.' }));
  }
  const started = Object.fromEntries(await Promise.all(OTHERS.map(async (region) => [region, await due(region)])));
  expect(started).toEqual({ eu: null, ap: null, [taker]: `${taker}.${NIGHT}` });
  expect(await due(taker)).toBe(`${taker}.${NIGHT}`);
  await expect
    .poll(() => runOf(taker, `${taker}.${NIGHT}`), { timeout: 240_000 })
    .toMatchObject({ status: 'ended', tasks: { succeeded: 2 } });
});

it('the region is back: its run is told the answers and ends, nothing was called twice, and no night starts again', async () => {
  await three.fleet.startRegion('us');
  await expect.poll(async () => (await three.ask('us', 'POST /fleet/resume')).status, { timeout: 120_000 }).toBe(200);
  await expect
    .poll(() => runOf('us', 'batch-1'), { timeout: 300_000 })
    .toMatchObject({ status: 'ended', tasks: { succeeded: 3 } });
  for (const id of ids.documents) expect(await statusOf('us', id)).toBe('succeeded');
  expect(await due('us')).toBeNull();
  const steps = await stepsCalled();
  expect(steps.length).toBeGreaterThanOrEqual(ids.documents.length + 1);
  expect(new Set(steps).size).toBe(steps.length);
});
