import { join } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readManifest } from '../../cli/manifest.ts';
import { startDocumentsFleet, writeContracts } from './documents-fleet.ts';

/** Enough that an upload is interrupted in the middle. */
const DOCUMENTS = 900;

let fleet: Awaited<ReturnType<typeof startDocumentsFleet>>;
let folder: string;

beforeAll(async () => {
  fleet = await startDocumentsFleet({ latencyMs: 20, agents: 20 });
  folder = join(fleet.home, 'contracts', 'all');
  await writeContracts(folder, DOCUMENTS);
});
afterAll(() => fleet[Symbol.asyncDispose]());

test('Ctrl-C during an upload is heard within a second; the limit stays, and no model call follows', async () => {
  const command = fleet.start('documents', folder, '--max-usd', '900');
  const id = await fleet.firstDocument(command);
  command.child.kill('SIGINT');
  expect(await command.says('Stopping the upload. Its run does not start, and nothing is spent.')).toBeLessThan(1_000);
  expect(await command.ended).toBe(1);
  expect(command.said).toContain(`--resume ${id}`);
  expect(command.said).toContain(`--discard ${id}`);
  expect(command.said).not.toMatch(/^\s+at /m);

  await fleet.quietChecked(id);
  expect(await readManifest(fleet.connection, id)).toMatchObject({ state: 'given-up', maxUsd: 900 });
  expect(await fleet.asked()).toBe(0);

  const discard = fleet.start('documents', '--discard', id);
  expect(await discard.ended).toBe(0);
  const resumed = fleet.start('documents', folder, '--resume', id);
  expect(await resumed.ended).toBe(2);
  expect(resumed.said).toContain('was discarded');
  // It stays, and holds its run back from whatever is uploaded there later.
  expect(await readManifest(fleet.connection, id)).toMatchObject({ state: 'given-up', maxUsd: 900 });
  expect(await fleet.asked()).toBe(0);
});

test('kill -9 during an upload starts nothing; --resume goes on with the limit that was given', async () => {
  const killed = fleet.start('documents', folder, '--max-usd', '900');
  const id = await fleet.firstDocument(killed);
  killed.child.kill('SIGKILL');
  await killed.ended;

  await fleet.quietChecked(id);
  expect(await readManifest(fleet.connection, id)).toMatchObject({ state: 'open', maxUsd: 900 });
  expect(await fleet.asked()).toBe(0);

  const attached = fleet.start('documents', '--run', id);
  expect(await attached.ended).toBe(1);
  expect(attached.said).toContain('was interrupted');

  const fewer = join(fleet.home, 'fewer', 'all');
  await writeContracts(fewer, 3);
  const out = join(fleet.home, 'report');
  const resumed = fleet.start('documents', folder, '--resume', id, '--json', '--out', out);
  await resumed.says(/Run .*reattach/);
  await expect.poll(() => limitOf(id), { interval: 20 }).toBeCloseTo(900 / DOCUMENTS, 6);
  resumed.child.kill('SIGKILL');
  await resumed.ended;

  const { s3, outputs } = fleet.connection;
  const left = { Bucket: outputs.UploadBucket, Key: `uploads/${id}/left-over.pdf`, Body: 'an earlier attempt' };
  await s3.send(new PutObjectCommand(left));
  const smaller = fleet.start('documents', fewer, '--resume', id, '--yes', '--json', '--out', out);
  expect(await smaller.ended).toBe(0);
  expect(smaller.said).toMatch(/Deleted \d+ documents? of an earlier attempt/);
  expect(await limitOf(id)).toBeCloseTo(900 / 3, 6);
  expect(smaller.said).toMatch(/"documents": ?3\b/);
  expect(await fleet.asked()).toBe(3);
});

async function limitOf(id: string): Promise<number | undefined> {
  return (await readManifest(fleet.connection, id))?.maxUsdPerDocument;
}

test('more than 1,000 documents ask first, and without a terminal end with the remedy', async () => {
  const many = join(fleet.home, 'many', 'all');
  await writeContracts(many, 1_001);
  const command = fleet.start('documents', many);
  expect(await command.ended).toBe(1);
  expect(command.said).toContain('1,001 documents');
  expect(command.said).toContain('--yes');
});

test('more than $50 at a model that costs money ask first, before the first object is there', async () => {
  const dear = join(fleet.home, 'dear', 'all');
  await writeContracts(dear, 26, 'dear');
  const { s3, outputs } = fleet.connection;
  const objects = async () => (await s3.send(new ListObjectsV2Command({ Bucket: outputs.UploadBucket }))).KeyCount;
  const [stored, asked] = [await objects(), await fleet.asked()];
  fleet.claimRealModel();
  const command = fleet.start('documents', dear);
  expect(await command.ended).toBe(1);
  expect(command.said).toContain('The run may cost up to $52.00.');
  expect(command.said).toContain('--yes');
  expect([await objects(), await fleet.asked()]).toEqual([stored, asked]);
});
