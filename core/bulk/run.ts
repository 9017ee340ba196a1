import { inParallel } from '../concurrency/in-parallel.ts';
import type { BulkStore } from '../ports/bulk-store.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { act, type ActPorts } from './act.ts';
import { endStopped, isFinished, pastPage, type BulkAction, type BulkItem, type BulkPage } from './action.ts';

export interface RunBulkPorts extends ActPorts {
  readonly bulk: BulkStore;
}

/**
 * Carries out a bulk action from where it stands, page by page. Two at once do no harm: each page and the action are
 * written on condition of their versions.
 * @param beforePage false leaves the rest to the next call
 */
export async function runBulkAction(
  ports: RunBulkPorts,
  { tenant, id }: Pick<BulkAction, 'tenant' | 'id'>,
  beforePage: () => Promise<boolean>,
): Promise<'ended' | 'out-of-time' | 'not-found'> {
  for (;;) {
    const action = await ports.bulk.get(tenant, id);
    if (!action) return 'not-found';
    if (action.endedAt !== undefined) return 'ended';
    const stopped = endStopped(action, ports.clock.now());
    if (stopped) {
      await ports.bulk.write(stopped);
      continue;
    }
    if (!(await beforePage())) return 'out-of-time';
    const next = pastPage(action, await finishPage(ports, action), ports.clock.now());
    // A conflict: another invocation, or a request to cancel, was first.
    if (next) await ports.bulk.write(next);
  }
}

/** Acts on the tasks of the action's next page and writes their outcomes. */
async function finishPage(ports: RunBulkPorts, action: BulkAction): Promise<BulkPage> {
  const page = await ports.bulk.getPage(action.list, action.page);
  if (!page) throw new Error(`Page ${action.page} of the bulk action ${action.id} is missing.`);
  if (isFinished(page)) return page;
  const done = await actOnAll(ports, action, page);
  const items = page.items.map((item) => ({ ...item, ...done.get(item.task) }));
  const next = { ...page, version: page.version + 1, items };
  if ((await ports.bulk.writePage(next)) === 'written') return next;
  return (await ports.bulk.getPage(action.list, action.page)) ?? page;
}

async function actOnAll(
  ports: RunBulkPorts,
  action: BulkAction,
  { items }: BulkPage,
): Promise<ReadonlyMap<TaskId, BulkItem>> {
  const left = items.filter(({ outcome }) => outcome === undefined).map(({ task }) => task);
  const done = new Map<TaskId, BulkItem>();
  await inParallel(await bySession(ports, left), async (ids) => {
    for (const id of ids) done.set(id, await act(ports, action, id));
  });
  return done;
}

/** Groups tasks that must be acted on in their order: those of one session (I11). */
async function bySession(
  { store }: Pick<RunBulkPorts, 'store'>,
  ids: readonly TaskId[],
): Promise<readonly (readonly TaskId[])[]> {
  const sessions = new Map((await store.getMany(ids)).map(({ id, sessionId }) => [id, sessionId]));
  const groups = new Map<string, TaskId[]>();
  for (const id of ids) {
    const session = sessions.get(id);
    const key = session === undefined ? `task ${id}` : `session ${session}`;
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  return [...groups.values()];
}
