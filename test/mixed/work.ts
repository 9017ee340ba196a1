import assert from 'node:assert/strict';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, vi } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { s3AuditReader } from '#adapters/s3/audit-reader.ts';
import { verifyTask } from '#core/audit/verify-task.ts';
import type { AuditVerdict } from '#core/audit/verdict.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { isTerminal, type Task } from '#core/tasks/task.ts';
import type { ApiFleet, Call } from '../e2e/api/fleet.ts';
import type { MixedPart } from './part.ts';

/** What one phase of the test hands in: one kind of work each that the fleet does. */
export interface Work {
  /** Tasks of the parrot, with and without its tool, some of high priority and some with a callback. */
  readonly parrots: readonly string[];
  /** The next two turns of the one session. */
  readonly talk: readonly string[];
  readonly economy: readonly string[];
  readonly cancelled: readonly string[];
  /** The tasks of the systems' parts. */
  readonly systems: readonly string[];
  /** The tasks that have a callback. */
  readonly calledBack: readonly string[];
}

export const idsOf = ({ parrots, talk, economy, cancelled, systems }: Work): readonly string[] => [
  ...parrots,
  ...talk,
  ...economy,
  ...cancelled,
  ...systems,
];

const PARROTS = 12;
const halves = <Item>(at: number, items: readonly Item[]) => [items.slice(0, at), items.slice(at)] as const;

/** A mixed fleet's clients. They are made for each use, because each phase has an endpoint of its own. */
export class Worksite {
  readonly #fleet: ApiFleet;
  readonly #call: Call;
  readonly #callback: string;
  readonly #parts: readonly MixedPart[];

  constructor(fleet: ApiFleet, call: Call, callback: string, parts: readonly MixedPart[]) {
    this.#fleet = fleet;
    this.#call = call;
    this.#callback = callback;
    this.#parts = parts;
  }

  /** Hands in the work of one phase. */
  async submit(phase: number): Promise<Work> {
    const [unwanted = '', ...economy] = await this.#submitMany(
      ['0 + 0', `${phase} + 3`].map((sum) => ({
        agent: 'assistant',
        instruction: `What is ${sum}?`,
        priority: 'economy',
        callback: this.#hook,
      })),
    );
    await this.#cancel(unwanted);
    await this.#collect();
    const systems = (await Promise.all(this.#parts.map((part) => part.submit(this.#fleet, phase)))).flat();
    const talk = await this.#submitMany(
      [1, 2].map((turn) => ({ agent: 'parrot', instruction: `${phase}.${turn}`, sessionId: 'talk' })),
    );
    // Last, since they are what the next deploy interrupts.
    const [parrots, [stopped = '']] = halves(
      PARROTS,
      await this.#submitMany(
        Array.from({ length: PARROTS + 1 }, (_, index) => ({
          agent: 'parrot',
          instruction: index % 2 === 0 ? `note: ${phase}.${index}` : `say ${phase}.${index}`,
          priority: index % 4 === 3 ? 'high' : 'default',
          ...((index < 2 || index === PARROTS) && { callback: this.#hook }),
        })),
      ),
    );
    await this.#cancel(stopped);
    const cancelled = [unwanted, stopped];
    const calledBack = [...economy, ...parrots.slice(0, 2), ...cancelled];
    return { parrots, talk, economy, cancelled, systems, calledBack };
  }

  /** The tasks, as this release reads them. A lost one fails the test. */
  readTasks(ids: readonly string[]): Promise<readonly Task[]> {
    return this.#withTable(async (client) => {
      const store = dynamodbTaskStore({ table: this.#stateTable, client });
      const tasks = new Map((await store.getMany(ids as TaskId[])).map((task) => [task.id as string, task]));
      return ids.map((id) => tasks.get(id) ?? expect.fail(`${id} is lost`));
    });
  }

  /** Waits until all tasks have ended and their waiters are notified. */
  ended(ids: readonly string[], timeout: number): Promise<readonly Task[]> {
    return vi.waitFor(
      async () => {
        const tasks = await this.readTasks(ids);
        const open = tasks.filter(({ state }) => !isTerminal(state) || !state.notified);
        assert.deepEqual(
          open.map(({ id, agent, priority, state }) => ({ id, agent, priority, state })),
          [],
        );
        return tasks;
      },
      { timeout, interval: 250 },
    );
  }

  async #cancel(id: string): Promise<void> {
    assert.equal((await this.#call(`POST /tasks/${id}/cancel`)).status, 202);
  }

  /** Puts the economy tasks that wait into a batch, as the schedule does every minute. */
  async #collect(): Promise<void> {
    const collector = this.#fleet.cloud.resources.find(
      ({ type, properties }) =>
        type === 'AWS::Lambda::Function' && JSON.stringify(properties).includes('BATCH_STATE_MACHINE_ARN'),
    );
    const lambda = new LambdaClient(this.#fleet.client);
    await lambda.send(new InvokeCommand({ FunctionName: collector?.ref ?? '' }));
    lambda.destroy();
  }

  /** The verdict on each task's part of the audit trail. */
  async verdicts(ids: readonly string[]): Promise<readonly AuditVerdict[]> {
    const s3 = this.#s3();
    const reader = s3AuditReader({ bucket: this.#fleet.output('platform', 'AuditBucket'), client: s3 });
    const verdicts = await this.#withTable((client) => {
      const store = dynamodbTaskStore({ table: this.#stateTable, client });
      return Promise.all(ids.map((id) => verifyTask({ reader, store, ids: nodeIds() }, id as TaskId)));
    });
    s3.destroy();
    return verdicts.flat();
  }

  get #hook() {
    return { url: this.#callback };
  }

  get #stateTable(): string {
    return this.#fleet.output('platform', 'StateTable');
  }

  #s3(): S3Client {
    return new S3Client({ ...this.#fleet.client, forcePathStyle: true });
  }

  async #withTable<Result>(use: (client: DynamoDBClient) => Promise<Result>): Promise<Result> {
    const client = new DynamoDBClient(this.#fleet.client);
    try {
      return await use(client);
    } finally {
      client.destroy();
    }
  }

  async #submitMany(tasks: readonly object[]): Promise<readonly string[]> {
    const { status, body } = await this.#call('POST /tasks/batch', { tasks });
    assert.deepEqual([status, ...body.items.map((item) => item.status)], [200, ...tasks.map(() => 202)]);
    return body.items.map(({ task }) => task.id);
  }
}
