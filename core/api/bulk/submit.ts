import type { BulkAction } from '../../bulk/action.ts';
import { PAGE_SIZE } from '../../bulk/action.ts';
import { estimateCost, type BulkCost } from '../../bulk/estimate.ts';
import { STATUSES, type BulkFilter } from '../../bulk/filter.ts';
import { MAX_BULK_TASKS, selectTasks, type Chosen, type Selection, type SelectPorts } from '../../bulk/select.ts';
import { inParallel } from '../../concurrency/in-parallel.ts';
import type { BulkQueue } from '../../ports/bulk-queue.ts';
import type { BulkStore } from '../../ports/bulk-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UsageStore } from '../../ports/usage-store.ts';
import { requireAgent, requireScope, type Caller } from '../http/caller.ts';
import { keyReused } from '../http/idempotency.ts';
import { ApiProblem } from '../http/problem.ts';
import type { BulkAnswer, BulkFilterMessage, BulkSubmission } from './messages.ts';
import { linksOf, sampleOf } from './views.ts';

export interface SubmitBulkPorts extends SelectPorts {
  readonly bulk: BulkStore;
  readonly bulkQueue: BulkQueue;
  readonly usage: Pick<UsageStore, 'query'>;
  readonly clock: Clock;
}

/** Kept back from a request for writing the pages. */
const RESERVE_MS = 9_000;

/**
 * Accepts a bulk action, or only counts its tasks. The action is accepted once its message is sent: without an answer,
 * the same `Idempotency-Key` finds it again and sends another. Throws `ApiProblem`.
 * @param timeLeftMs milliseconds left of the request
 */
export async function submitBulkAction(
  ports: SubmitBulkPorts,
  caller: Caller,
  submission: BulkSubmission,
  { key, timeLeftMs }: { readonly key: string | undefined; readonly timeLeftMs: () => number },
): Promise<BulkAnswer> {
  const { action: kind, filter, dryRun } = submission;
  requireAllowed(caller, submission);
  const known = dryRun || key === undefined ? null : await ports.bulk.get(caller.tenant, idOf(ports, caller, key));
  if (known) return answerAgain(ports, known, digestOf(ports, submission));
  const until = timeLeftMs() - RESERVE_MS;
  const startedAt = ports.clock.now();
  const hasTime = (): boolean => ports.clock.now() - startedAt < until;
  const { tasks, end } = await selectTasks(ports, caller, kind, parsed(filter), hasTime);
  if (end !== 'complete' && !dryRun) throw tooMany(end);
  const within = tasks.slice(0, MAX_BULK_TASKS);
  const cost = await estimateCost(ports, caller.tenant, kind, within);
  const answer = { dryRun, action: kind, count: within.length, ...cost, complete: end === 'complete' };
  if (dryRun) return { ...answer, ...sampleOf(within) };
  const action = await accept(ports, newAction(ports, caller, submission, key, within, cost), within);
  return { id: action.id, ...answer, ...sampleOf(within), links: linksOf(action) };
}

const parsed = ({ since, until, ...filter }: BulkFilterMessage): BulkFilter => ({
  ...filter,
  ...(since !== undefined && { since: Date.parse(since) }),
  ...(until !== undefined && { until: Date.parse(until) }),
});

function requireAllowed(caller: Caller, { action, filter: { agent, status } }: BulkSubmission): void {
  if (action === 'redrive') requireScope(caller, 'operate');
  if (agent !== undefined) requireAgent(caller, agent);
  if (status === undefined || STATUSES[action].includes(status)) return;
  const message = `must be ${STATUSES[action].join(' or ')} for the action "${action}"`;
  const remedy = 'Leave it out, or choose another action.';
  throw new ApiProblem('invalid-request', `filter.status: ${message}.`, [{ field: 'filter.status', message, remedy }]);
}

const TOO_MANY: Readonly<Record<Exclude<Selection['end'], 'complete'>, string>> = {
  'too-many': `More than ${MAX_BULK_TASKS.toLocaleString('en-US')} tasks match, the most that one action can have.`,
  'out-of-time': 'The search for matching tasks took too long for one request.',
};

const tooMany = (end: keyof typeof TOO_MANY): ApiProblem =>
  new ApiProblem('cannot-accept', TOO_MANY[end], [
    {
      field: 'filter',
      message: 'matches too many tasks',
      remedy: 'Narrow it with `agent`, `runId`, or `since` and `until`, and send several actions one after another.',
    },
  ]);

const digestOf = ({ ids }: SubmitBulkPorts, { action, filter }: BulkSubmission): string =>
  ids.digest(JSON.stringify([action, Object.entries(filter).toSorted(([a], [b]) => (a < b ? -1 : 1))]));

/** An idempotency key of a tenant is always the same action (I10). */
function idOf({ ids }: SubmitBulkPorts, { tenant }: Caller, key: string | undefined): string {
  const unique = key === undefined ? ids.uuid() : ids.digest(JSON.stringify([tenant, 'bulk', key]));
  return `bulk-${unique.replaceAll('-', '').slice(0, 32)}`;
}

function newAction(
  ports: SubmitBulkPorts,
  caller: Caller,
  submission: BulkSubmission,
  key: string | undefined,
  tasks: readonly Chosen[],
  cost: BulkCost,
): BulkAction {
  const { tenant, keyId, agents } = caller;
  const now = ports.clock.now();
  return {
    id: idOf(ports, caller, key),
    tenant,
    version: 1,
    kind: submission.action,
    filter: submission.filter,
    digest: digestOf(ports, submission),
    caller: { keyId, agents },
    createdAt: now,
    // Two requests under one key may choose different tasks. The one that creates the action names its own list.
    list: ports.ids.uuid(),
    count: tasks.length,
    pages: Math.ceil(tasks.length / PAGE_SIZE),
    ...cost,
    page: 0,
    done: 0,
    skipped: 0,
    failed: 0,
    ...(tasks.length === 0 && { endedAt: now }),
  };
}

/** Writes the pages, then the action that names them, then sends its message. */
async function accept(ports: SubmitBulkPorts, action: BulkAction, tasks: readonly Chosen[]): Promise<BulkAction> {
  const { list, pages } = action;
  await inParallel(Array(pages).keys(), async (index) => {
    const ofPage = tasks.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE);
    await ports.bulk.writePage({ list, index, version: 1, items: ofPage.map(({ id }) => ({ task: id })) });
  });
  const { action: stored } = await ports.bulk.create(action);
  if (stored.digest !== action.digest) throw keyReused();
  if (stored.endedAt === undefined) await ports.bulkQueue.send(stored);
  return stored;
}

/** The same request again: its message may not have been sent. */
async function answerAgain(ports: SubmitBulkPorts, known: BulkAction, digest: string): Promise<BulkAnswer> {
  if (known.digest !== digest) throw keyReused();
  if (known.endedAt === undefined) await ports.bulkQueue.send(known);
  const { id, kind, count, spentUsd, usd, maxUsd } = known;
  const found = { action: kind, count, spentUsd, usd, maxUsd, complete: true, agents: {}, sample: [] };
  return { id, dryRun: false, ...found, links: linksOf(known) };
}
