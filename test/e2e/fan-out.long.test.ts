import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startLocalFleet, type LocalFleet } from './support/local-fleet.ts';

/** The fan-out of docs/patterns.md on the local cloud: one task for each letter of an upload, then one report. */

let fleet: LocalFleet;
let states: SFNClient;
let storage: S3Client;
beforeAll(async () => {
  fleet = await startLocalFleet({ stacks: ['letters'] });
  states = new SFNClient(fleet.client);
  storage = new S3Client({ ...fleet.client, forcePathStyle: true });
});
afterAll(async () => {
  states.destroy();
  storage.destroy();
  await fleet[Symbol.asyncDispose]();
});

const LETTERS = {
  'a.txt': 'Please send another chair. The old one is broken.',
  'b.txt': 'I cancel my order.',
  'c.txt': 'When do you open? I would like to visit.',
};

/** Starts a run over an upload, and returns what the aggregator returned. */
async function run(uploadId: string): Promise<unknown> {
  const { stateMachines = [] } = await states.send(new ListStateMachinesCommand({}));
  const stateMachineArn = stateMachines.find(({ name }) => name?.includes('letters'))?.stateMachineArn;
  const input = JSON.stringify({ uploadId });
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, name: 'first', input }));
  return vi.waitFor(
    async () => {
      const { status, output = '{}' } = await states.send(new DescribeExecutionCommand({ executionArn }));
      expect(status).toBe('SUCCEEDED');
      return JSON.parse(output) as unknown;
    },
    { timeout: 90_000, interval: 200 },
  );
}

it('a fan-out reads each of three letters, and reports one line for each', async () => {
  const { Buckets = [] } = await storage.send(new ListBucketsCommand({}));
  const Bucket = Buckets.map(({ Name = '' }) => Name).find((name) => name.includes('letters-artifactsbucket'));
  for (const [name, Body] of Object.entries(LETTERS))
    await storage.send(new PutObjectCommand({ Bucket, Key: `uploads/march/${name}`, Body }));
  expect(await run('march')).toEqual({ runId: 'first', letters: 3, report: 'runs/first/report.jsonl' });
  const { Body } = await storage.send(new GetObjectCommand({ Bucket, Key: 'runs/first/report.jsonl' }));
  const lines = ((await Body?.transformToString()) ?? '').split('\n').map((line) => JSON.parse(line) as unknown);
  const wishes = ['Please send another chair', 'I cancel my order', 'When do you open? I would like to visit'];
  expect(lines).toMatchObject(
    Object.keys(LETTERS).map((name, at) => ({
      key: `uploads/march/${name}`,
      state: { status: 'succeeded', output: { wish: wishes[at] } },
    })),
  );
});
