import { resolve } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CloudEvent } from '@agent-fleet/local-cloud';
import { findSchedule, type FoundSchedule } from '#cli/schedules/find.ts';
import type { SchedulesPlace } from '#cli/schedules/place.ts';
import { runNow } from '#cli/schedules/run-now.ts';
import { startLocalFleet, type LocalFleet } from './support/local-fleet.ts';

/** A schedule of a pipeline on the local cloud, with the permissions of the stack. */

const logs: string[] = [];
const onEvent = (event: CloudEvent): void => void (event.code === 'lambda.log' && logs.push(event.line));

let fleet: LocalFleet;
let place: SchedulesPlace;
let nightly: FoundSchedule;
let states: SFNClient;
let lambda: LambdaClient;

beforeAll(async () => {
  const rules = [resolve('test/systems/companies/companies.rule.ts')];
  fleet = await startLocalFleet({ stacks: ['nightly'], claude: { rules }, onEvent });
  states = new SFNClient(fleet.client);
  lambda = new LambdaClient(fleet.client);
  place = { scheduler: new SchedulerClient(fleet.client), client: fleet.client, prefix: 'fleet-dev' };
  nightly = await findSchedule(place, 'nightly');
  const s3 = new S3Client({ ...fleet.client, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand());
  const Bucket = Buckets.flatMap(({ Name = '' }) =>
    Name.startsWith('fleet-dev-companies-artifactsbucket') ? [Name] : [],
  )[0];
  const Body = ['acme', 'globex'].map((id) => JSON.stringify({ id, name: `${id} Inc.` })).join('\n');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'uploads/companies.jsonl', Body }));
  s3.destroy();
});

afterAll(async () => {
  for (const client of [states, lambda, place.scheduler]) client.destroy();
  await fleet[Symbol.asyncDispose]();
});

/** Calls a part of the schedule as Scheduler does, for a planned time. */
async function call(occasion: string, scheduledTime: string): Promise<unknown> {
  const part = nightly.parts.find(({ input }) => input?.occasion === occasion);
  const event = JSON.stringify({ ...part?.input, scheduledTime });
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: part?.definition.Target?.Arn, Payload: Buffer.from(event) }),
  );
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString('utf8'));
}

async function ended(runId: string): Promise<string | undefined> {
  const executionArn = `${nightly.main.input?.executions.replace(/[^:]+$/, '')}${runId}`;
  return vi.waitFor(
    async () => {
      const { status, error, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
      expect(status).not.toBe('RUNNING');
      return error === undefined ? status : `${error}: ${cause}`;
    },
    { timeout: 90_000, interval: 500 },
  );
}

/** What a check has logged of a night, and measured. */
const checkedAs = (runId: string) =>
  logs
    .filter((line) => line.includes(runId) && /run\.(checked|missed)/.test(line))
    .map((line) => /"status":"(\w+)"/.exec(line)?.[1]);
const measured = (): string[] => logs.flatMap((line) => /"RunMissed":[01]/.exec(line) ?? []);

it('a night is started once, also late, and is checked by its own run alone', async () => {
  const runId = 'companies-nightly-2026-01-01';
  // Before it has started. The planned times are those of a winter night in Berlin.
  await call('check', '2026-01-02T06:05:00Z');
  const started = [await call('due', '2026-01-01T21:00:00Z'), await call('watchdog', '2026-01-02T03:30:00Z')];
  expect(started).toEqual([{ runId }, { runId }]);
  expect(await ended(runId)).toBe('SUCCEEDED');
  // Delivered again.
  expect(await call('due', '2026-01-01T21:00:00Z')).toEqual({ runId });
  await call('check', '2026-01-02T06:05:00Z');
  await vi.waitFor(() => expect(checkedAs(runId)).toEqual(['NOT_STARTED', 'SUCCEEDED']), { timeout: 90_000 });
  await vi.waitFor(() => expect(measured()).toEqual(['"RunMissed":1', '"RunMissed":0']), { timeout: 90_000 });
});

it('a night that failed at its start is rescued by its watchdog, and counts', async () => {
  const name = 'companies-nightly-2026-01-03';
  const stateMachineArn = nightly.main.input?.executions
    .replace(':execution:', ':stateMachine:')
    .replace(/:[^:]+$/, '');
  const input = JSON.stringify({ group: '2026-01-03', items: { key: 'uploads/not-there-yet.jsonl' } });
  await states.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  expect(await ended(name)).toContain('Items.Invalid');
  const rescue = { runId: `${name}-2` };
  expect(await call('watchdog', '2026-01-04T03:30:00Z')).toEqual(rescue);
  expect(await ended(rescue.runId)).toBe('SUCCEEDED');
  expect(await call('watchdog', '2026-01-04T03:30:00Z')).toEqual(rescue);
  await call('check', '2026-01-04T06:05:00Z');
  await vi.waitFor(() => expect(checkedAs(rescue.runId)).toEqual(['SUCCEEDED']), { timeout: 90_000 });
});

it('a run by hand has a name of its own, and succeeds', async () => {
  const { value } = await runNow(place, nightly, new Date());
  const { runId } = value as { runId: string };
  expect(runId).toMatch(/^companies-nightly-now-\d{8}T\d{6}Z$/);
  expect(await ended(runId)).toBe('SUCCEEDED');
});
