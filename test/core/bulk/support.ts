import { agentCard } from '#core/agents/agent-card.ts';
import { submitBulkAction } from '#core/api/bulk/submit.ts';
import { bulkSubmissionSchema } from '#core/api/bulk/messages.ts';
import type { Caller } from '#core/api/http/caller.ts';
import type { BulkAction, BulkItem } from '#core/bulk/action.ts';
import { runBulkAction } from '#core/bulk/run.ts';
import type { Task } from '#core/tasks/task.ts';
import { sampleTask } from '../../contract/samples.ts';
import { inMemoryBulkStore } from '../../support/fakes/in-memory-bulk-store.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { adder, workerHarness } from '../../support/worker-harness.ts';

export const CALLER: Caller = { tenant: 'acme', keyId: 'key-1', scopes: ['submit', 'read', 'operate'], agents: null };

/** The failed state of a task. */
export const failed = (kind: 'transient' | 'crashed' = 'transient'): Task['state'] => ({
  status: 'failed',
  failure: { kind, reason: 'It broke.' },
  finishedAt: 0,
  notified: true,
});

/** A fleet in memory whose bulk actions a test drives by hand. */
export function bulkFleet() {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const bulk = inMemoryBulkStore();
  const messages: Pick<BulkAction, 'tenant' | 'id'>[] = [];
  const cards = ['adder', 'other'].map((name) => ({ ...agentCard(adder), name }));
  const ports = {
    ...h.ports,
    runs: inMemoryRunStore(),
    bulk,
    bulkQueue: { send: async (action: Pick<BulkAction, 'tenant' | 'id'>) => void messages.push(action) },
    agents: new Map(cards.map((card) => [card.name, card])),
  };
  let made = 0;
  return {
    ...h,
    ports,
    bulk,
    messages,
    /** Stores a task of acme's adder. */
    async add(change: Partial<Task> = {}): Promise<Task> {
      const createdAt = h.clock.now() + (made += 1);
      const now = { createdAt, deadline: createdAt + 3_600_000 };
      const task = sampleTask({ agent: 'adder', input: { numbers: [1, 2] }, ...now, ...change });
      await h.store.create(task);
      return task;
    },
    async addMany(count: number, change: Partial<Task> = {}): Promise<Task[]> {
      const tasks: Task[] = [];
      for (let index = 0; index < count; index += 1) tasks.push(await this.add(change));
      return tasks;
    },
    submit: (body: unknown, caller: Caller = CALLER, key?: string) =>
      submitBulkAction(ports, caller, bulkSubmissionSchema.parse(body), { key, timeLeftMs: () => 29_000 }),
    /** Works on an action until it ends, or for some pages. */
    async run(id = '', pages = Infinity, change: Partial<typeof ports> = {}) {
      let left = pages;
      return runBulkAction({ ...ports, ...change }, { tenant: 'acme', id }, async () => (left -= 1) >= 0);
    },
    async action(id = ''): Promise<BulkAction> {
      const action = await bulk.get('acme', id);
      if (!action) throw new Error('no such action');
      return action;
    },
    async items(id = ''): Promise<readonly BulkItem[]> {
      const { list, pages } = await this.action(id);
      const all = await Promise.all(Array.from({ length: pages }, (_, index) => bulk.getPage(list, index)));
      return all.flatMap((page) => page?.items ?? []);
    },
  };
}
