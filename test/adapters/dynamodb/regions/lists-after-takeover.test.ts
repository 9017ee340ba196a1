import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbBulkStore } from '#adapters/dynamodb/bulk-store.ts';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { regionParts, type SharedRegionParts } from '#adapters/dynamodb/regions/region-parts.ts';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { listTasks } from '#core/api/tasks/list-tasks.ts';
import type { BulkAction } from '#core/bulk/action.ts';
import type { Run } from '#core/runs/run.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import {
  collect,
  freshId,
  sampleBulkAction,
  sampleEscalation,
  sampleTask,
  succeeded,
} from '../../../contract/samples.ts';
import { threeRegions } from './three-regions.ts';

const [US, EU] = [0, 1];
const TABLE = 'state';
const AGENT = 'contract-analyst';
const NOW = Date.now();
const idInEu = (): TaskId => taskIdSchema.parse(`eu.${freshId()}`);

/** A client whose indexes answer with pages of a few entries each, as large ones do. */
class PagedClient extends DynamoDBClient {
  constructor(client: DynamoDBClient, Limit: number) {
    super({});
    this.send = ((command: never) => {
      const { input } = command as QueryCommand;
      const isPaged = (command as unknown) instanceof QueryCommand && input.IndexName !== undefined;
      return client.send(isPaged ? (new QueryCommand({ ...input, Limit }) as never) : command);
    }) as DynamoDBClient['send'];
  }
}

const paged = ({ regions, clients }: SharedRegionParts, limit: number): SharedRegionParts =>
  regionParts(regions, (index) => new PagedClient(clients(index), limit));

describe.each([1, 2, 100])('lists after a takeover, on pages of %d entries', (size) => {
  const at = threeRegions();
  const us = () => paged(at().parts(US, true), size);
  /** What two epochs of eu's home write: first eu, whose items arrive late, then us. */
  const takenOver = async (first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<void> => {
    await at().hold(EU, EU, 1);
    await first();
    await at().hold(EU, US, 16);
    await second();
    await at().replicate(EU, US);
  };

  it.each([-25, 25])('has each task once and in order, also one that was accepted again %d ms apart', async (apart) => {
    const tenant = freshId('tenant');
    const made = (n: number, later: number): Task => {
      const id = taskIdSchema.parse(`eu.${tenant}-${n}`);
      return sampleTask({ id, tenant, agent: AGENT, createdAt: NOW + 10 * n + later });
    };
    const tasks = Array.from({ length: 12 }, (_, n) => made(n, 0));
    const again = [3, 4, 5, 9].map((n) => made(n, apart));
    const eu = dynamodbTaskStore({ table: TABLE, agents: [AGENT], parts: at().parts(EU) });
    const store = dynamodbTaskStore({ table: TABLE, agents: [AGENT], parts: us() });
    await takenOver(
      () => Promise.all(tasks.map((task) => eu.create(task))),
      () => Promise.all(again.map((task) => store.create(task))),
    );
    const newest = new Map([...tasks, ...again].map((task) => [task.id, task]));
    const inOrder = [...newest.values()].toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
    const ids = inOrder.map(({ id }) => id);
    const caller = { tenant, keyId: 'key-1', scopes: ['read' as const], agents: null };
    for (const limit of [1, 2, 5, 100]) {
      const listed: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listTasks(store, caller, { limit, cursor });
        listed.push(...page.tasks.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(listed).toEqual(ids);
    }
    const overdue = await collect(store.overdue(Number.MAX_SAFE_INTEGER));
    expect(overdue.filter((id) => newest.has(id)).toSorted()).toEqual(ids.toSorted());
  });

  it('has each ended task of a run once', async () => {
    const runId = freshId('eu.run');
    const ended = Array.from({ length: 5 }, (_, n) =>
      sampleTask({ id: idInEu(), agent: AGENT, runId, createdAt: NOW, state: succeeded(NOW + n) }),
    );
    const eu = dynamodbTaskStore({ table: TABLE, parts: at().parts(EU) });
    const store = dynamodbTaskStore({ table: TABLE, parts: us() });
    const all = async (by: typeof eu) => {
      for (const task of ended) await by.create(task);
    };
    await takenOver(
      () => all(eu),
      () => all(store),
    );
    const found = await collect(store.finishedInRun(runId, 0));
    expect(found.map(({ id }) => id)).toEqual(ended.map(({ id }) => id));
  });

  it('has each run and escalation once, where it was made last', async () => {
    const tenant = freshId('tenant');
    const made = <Each extends object>(each: (n: number) => Each) =>
      Array.from({ length: 4 }, (_, n) => ({ ...each(n), createdAt: NOW + 10 * n }));
    const again = <Each extends { createdAt: number }>([, second, third]: readonly Each[]) =>
      [second, third].flatMap((each) => (each ? [{ ...each, createdAt: each.createdAt + 15 }] : []));
    const runs = made((n): Run => ({ id: `eu.run-${n}`, tenant, createdAt: 0, size: 1, digest: 'd', execution: 'e' }));
    const ids = runs.map(() => idInEu());
    const escalations = made((n) => ({ ...sampleEscalation(), id: ids[n] ?? idInEu(), tenant }));
    const stores = (parts: SharedRegionParts) => ({
      runs: dynamodbRunStore({ table: TABLE, client: parts.client }),
      escalations: dynamodbEscalationStore({ table: TABLE, client: parts.client }),
    });
    const [eu, later] = [stores(at().parts(EU)), stores(us())];
    await takenOver(
      () =>
        Promise.all(
          [runs.map((one) => eu.runs.create(one)), escalations.map((one) => eu.escalations.create(one))].flat(),
        ),
      () =>
        Promise.all([
          ...again(runs).map((one) => later.runs.create(one)),
          ...again(escalations).map((one) => later.escalations.create(one)),
        ]),
    );
    const listedRuns = await collect(later.runs.list(tenant));
    expect(listedRuns.map(({ id }) => id)).toEqual([2, 3, 1, 0].map((n) => `eu.run-${n}`));
    const waiting = await collect(later.escalations.list({ tenant, status: 'waiting' }));
    expect(waiting.map(({ id }) => id)).toEqual([0, 1, 3, 2].map((n) => ids[n]));
  });

  it('has each bulk action once', async () => {
    const tenant = freshId('tenant');
    const action = (n: number, later = 0): BulkAction =>
      sampleBulkAction(tenant, { id: `bulk-${n}`, createdAt: NOW + 10 * n + later });
    await at().hold(US, US, 0);
    const store = dynamodbBulkStore({ table: TABLE, client: us().client });
    for (const n of [0, 1, 2, 3]) await store.create(action(n));
    // Bulk actions belong to their tenant's home. What an earlier epoch had written arrives late.
    const before = dynamodbBulkStore({ table: TABLE, client: at().parts(EU).client });
    await at().hold(US, EU, 17);
    for (const n of [1, 2]) await before.create(action(n, 15));
    await at().replicate(EU, US);
    await at().hold(US, US, 32);
    const listed = await collect(store.list(tenant));
    expect(listed.map(({ id }) => id)).toEqual(['bulk-2', 'bulk-3', 'bulk-1', 'bulk-0']);
  });
});
