import { join } from 'node:path';
import { DescribeExecutionCommand, ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { isTerminal, type TerminalState } from '#core/tasks/task.ts';
import { reportSchema } from '../../report/schema.ts';
import { readdir, readFile } from 'node:fs/promises';
import { startDocumentsFleet, writeContracts, type FleetCommand } from './documents-fleet.ts';

const DOCUMENTS = 300;

let fleet: Awaited<ReturnType<typeof startDocumentsFleet>>;
let folder: string;

beforeAll(async () => {
  // Longer than a cancel may take: calls that are under way must be broken off, and most documents wait.
  fleet = await startDocumentsFleet({ latencyMs: 15_000, agents: 20 });
});
afterAll(() => fleet[Symbol.asyncDispose]());

/** Starts a run over new contracts and waits until model calls are under way. Returns its id. */
async function underWay(name: string, command: (folder: string) => FleetCommand): Promise<[string, FleetCommand]> {
  folder = join(fleet.home, name, 'all');
  await writeContracts(folder, DOCUMENTS, name);
  const before = await fleet.asked();
  const running = command(folder);
  await running.says(/Run \S+\. If you press/);
  const id = /Run (\S+)\. If/.exec(running.said)?.[1] ?? '';
  await expect.poll(() => fleet.asked(), { interval: 50 }).toBeGreaterThan(before);
  return [id, running];
}

async function statusOf(id: string): Promise<string | undefined> {
  const { StateMachineArn: stateMachineArn } = fleet.connection.outputs;
  const { executions = [] } = await fleet.connection.sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  const executionArn = executions.find(({ name }) => name === id)?.executionArn;
  return (await fleet.connection.sfn.send(new DescribeExecutionCommand({ executionArn }))).status;
}

/** Waits until each task of the run has ended. Returns their statuses, and when the last one ended in epoch milliseconds. */
async function endOf(id: string) {
  const { dynamodb, outputs } = fleet.connection;
  const store = dynamodbTaskStore({ client: dynamodb, table: outputs.StateTable, agents: ['contract-analyst'] });
  const ended = new Map<TaskId, TerminalState>();
  // What has ended is not read again: 300 reads each time would slow down what is measured.
  const allEnded = async (): Promise<boolean> => {
    for await (const { id: task } of store.list({ tenant: 'default', runId: id })) {
      const state = ended.has(task) ? undefined : (await store.get(task))?.state;
      if (state && !isTerminal(state)) return false;
      if (state) ended.set(task, state);
    }
    return true;
  };
  await expect.poll(allEnded, { interval: 200 }).toBe(true);
  const states = [...ended.values()];
  return { statuses: states.map(({ status }) => status), at: Math.max(...states.map(({ finishedAt }) => finishedAt)) };
}

/** @param since when the cancel was asked for, in epoch milliseconds */
async function expectEnded(id: string, command: FleetCommand, since: number): Promise<void> {
  await endOf(id);
  const asked = await fleet.asked();
  expect(await command.ended).toBe(1);
  // A document that was about to become a task when the run was cancelled has become one by now, which is cancelled too.
  const { statuses, at } = await endOf(id);
  expect(at - since).toBeLessThan(10_000);
  expect(statuses).toContain('cancelled');
  expect(command.said).toContain('was cancelled. The report has what was done.');
  expect(command.said).toContain(`--retry-failed ${id}`);
  const out = /Report: (\S+)\/report\.html/.exec(command.said)?.[1] ?? '';
  const report = reportSchema.parse(JSON.parse(await readFile(join(out, 'report.json'), 'utf8')));
  expect(report.documents).toHaveLength(DOCUMENTS);
  expect(JSON.stringify(report)).toContain('Run.Cancelled');
  // Messages that were still in the queue have been received by now, and started nothing.
  expect(await fleet.asked()).toBe(asked);
}

test('fleet cancel --run ends 300 documents within 10 s, and the report has what was done', async () => {
  const out = join(fleet.home, 'one-report');
  const [id, command] = await underWay('one', (contracts) => fleet.start('documents', contracts, '--out', out));
  const listed = fleet.start('runs', '--json');
  expect(await listed.ended).toBe(0);
  expect(listed.said).toContain(id);
  const shown = fleet.start('runs', id, '--json');
  expect(await shown.ended).toBe(0);
  expect(z.object({ status: z.string() }).parse(JSON.parse(shown.said))).toEqual({ status: 'running' });

  const since = Date.now();
  const cancel = fleet.start('cancel', '--run', id);
  expect(await cancel.ended).toBe(0);
  expect(await statusOf(id)).toBe('ABORTED');
  await expectEnded(id, command, since);

  const over = fleet.start('runs', id, '--json');
  expect(await over.ended).toBe(0);
  expect(JSON.parse(over.said)).toMatchObject({ status: 'ended', cancelled: true });

  const folder = join(fleet.home, 'downloaded');
  const report = fleet.start('runs', id, '--report', folder);
  expect(await report.ended).toBe(0);
  const files = ['report.csv', 'report.html', 'report.json'];
  expect((await readdir(folder)).toSorted()).toEqual(files);
  for (const file of files) expect(await readFile(join(folder, file))).toEqual(await readFile(join(out, file)));
});

test('an execution that somebody stops ends its tasks in the same way', async () => {
  const out = join(fleet.home, 'two-report');
  const [id, command] = await underWay('two', (contracts) => fleet.start('documents', contracts, '--out', out));
  const since = Date.now();
  const executionArn = `${fleet.connection.outputs.StateMachineArn.replace(':stateMachine:', ':execution:')}:${id}`;
  await fleet.connection.sfn.send(new StopExecutionCommand({ executionArn }));
  await expectEnded(id, command, since);
});

test('Ctrl-C during the run says that it goes on and how to stop it', async () => {
  const [id, command] = await underWay('three', (contracts) => fleet.start('documents', contracts));
  command.child.kill('SIGINT');
  expect(await command.says(`npm run fleet -- cancel --run ${id}`)).toBeLessThan(1_000);
  expect(await command.ended).toBe(1);
  expect(await statusOf(id)).toBe('RUNNING');
  const cancel = fleet.start('cancel', '--run', id);
  expect(await cancel.ended).toBe(0);
  await endOf(id);
});
