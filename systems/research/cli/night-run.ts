import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '#cli/api/client.ts';
import { placeItems } from '#cli/runs/place-items.ts';
import { runAcceptedSchema, runPageSchema, runViewSchema, type RunView } from '#core/api/runs/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import type { Item } from '#core/runs/item.ts';
import { dollars } from '#cli/terminal/format.ts';
import { UserError } from '#cli/user-error.ts';
import type { Company } from '../companies/company.ts';
import { WORKFLOW } from '../night/item.ts';
import { itemsOf, type Space } from './items.ts';

/** What the commands use of the API's client. */
export type Api = Pick<ApiClient, 'call'>;

/** The run of one night. */
export interface NightOrder {
  /** The same for every run of these companies in this night. */
  readonly name: string;
  /** Its runs share their finished tasks. */
  readonly group: string;
  readonly items: readonly Item[];
  /** When the run ends with what there is, in milliseconds since the epoch. */
  readonly deadline: number;
  /** When its brief is due, by the clock of its night, in milliseconds since the epoch. */
  readonly due: number;
  /** Most US dollars. Undefined: what the agents' budgets allow. */
  readonly budgetUsd: number | undefined;
}

export function orderOf(
  companies: readonly Company[],
  night: string,
  space: Space,
  news: readonly string[] = [],
): Pick<NightOrder, 'name' | 'group' | 'items'> {
  const ids = companies.map(({ id }) => id).toSorted();
  const list = createHash('sha256')
    .update(JSON.stringify(news.length === 0 ? ids : [ids, news]))
    .digest('hex')
    .slice(0, 12);
  const group = `${WORKFLOW} ${space} ${night}`;
  return { name: `${group} ${list}`, group, items: itemsOf(companies, night, space, news) };
}

export interface StartedRun {
  readonly id: string;
  /** Whether an earlier command has started it. */
  readonly attached: boolean;
  /** Most US dollars of the run. Undefined: what the agents' budgets allow. */
  readonly budgetUsd: number | undefined;
}

/** Looks again after another command has started the run in the same moment. */
const ATTEMPTS = 10;
const PAUSE_MS = 200;

/**
 * Starts the run of a night, or attaches to the one that is under way. A run that has ended is followed by another, which
 * takes up only what is missing. Throws a `UserError` if the one that is under way may cost more than the order allows.
 */
export async function startOrAttach(api: Api, order: NightOrder): Promise<StartedRun> {
  for (let attempt = 1; ; attempt += 1) {
    const latest = await latestRun(api, order.name);
    if (latest?.status === 'running') return attachedTo(latest, order);
    try {
      const { budgetUsd } = order;
      return { id: await start(api, order, latest?.id ?? null), attached: false, budgetUsd };
    } catch (error) {
      // The key is that of a run which another command has just started, with its own deadline.
      if (attempt === ATTEMPTS || !isKeyReused(error)) throw error;
      await delay(PAUSE_MS);
    }
  }
}

/** A run keeps the limit that it was started with. */
function attachedTo({ id, budgetUsd }: RunView, order: NightOrder): StartedRun {
  if (order.budgetUsd === undefined || (budgetUsd ?? Infinity) <= order.budgetUsd)
    return { id, attached: true, budgetUsd };
  const limit = budgetUsd === undefined ? 'has no limit' : `may cost up to ${dollars(budgetUsd)}`;
  throw new UserError(
    `Run ${id} of this night is under way and ${limit}, but --max-usd leaves ${dollars(order.budgetUsd)} for it.`,
    'Leave out --max-usd to follow it, or run the same command again when it has ended.',
  );
}

const isKeyReused = (error: unknown): boolean => error instanceof UserError && /idempotency key/i.test(error.message);

export const viewRun = (api: Api, id: string, signal?: AbortSignal): Promise<RunView> =>
  api.call(runOperations.getRun, runViewSchema, { params: { id }, signal });

/** The newest run of this name that no one has cancelled, or that has ended. A cancelled one ends first. */
async function latestRun(api: Api, name: string): Promise<RunView | null> {
  const { runs } = await api.call(runOperations.listRuns, runPageSchema, { query: { limit: 100 } });
  const found = runs.find((run) => run.name === name);
  if (found === undefined) return null;
  const run = await viewRun(api, found.id);
  return run.cancelled === true ? untilEnded(api, run.id) : run;
}

/** Earlier runs of the same night, whose tasks a run does not repeat. */
export async function earlierRuns(
  api: Api,
  { name }: Pick<NightOrder, 'name'>,
  id: string,
): Promise<readonly RunView[]> {
  const { runs } = await api.call(runOperations.listRuns, runPageSchema, { query: { limit: 100 } });
  const earlier = runs.filter((run) => run.name === name && run.id !== id).slice(0, MAX_EARLIER);
  return Promise.all(earlier.map((run) => viewRun(api, run.id)));
}

/** Of a night that is interrupted more often, the progress counts the rest. */
const MAX_EARLIER = 10;

/** The same key for two commands that start the same night at once. */
async function start(api: Api, { name, group, items, deadline, due, budgetUsd }: NightOrder, after: string | null) {
  const place = await placeItems(api, items);
  const body = {
    workflow: WORKFLOW,
    name,
    group,
    deadline: new Date(deadline).toISOString(),
    due: new Date(due).toISOString(),
    ...(budgetUsd !== undefined && { budgetUsd }),
    ...place,
  };
  const idempotencyKey = createHash('sha256')
    .update(JSON.stringify([name, after]))
    .digest('hex');
  const { id } = await api.call(runOperations.submitRun, runAcceptedSchema, { body, idempotencyKey });
  return id;
}

/** The pause between two reads, and its least multiple of the time that a read takes. */
const POLL_MS = 500;
const POLL_SHARE = 4;

/** Follows a run until it has ended. Rejects with the signal's reason. */
export async function untilEnded(
  api: Api,
  id: string,
  { signal, onView }: { readonly signal?: AbortSignal; readonly onView?: (run: RunView) => void } = {},
): Promise<RunView> {
  for (;;) {
    const asked = performance.now();
    const run = await viewRun(api, id, signal);
    onView?.(run);
    if (run.status === 'ended') return run;
    await delay(Math.max(POLL_MS, POLL_SHARE * (performance.now() - asked)), undefined, { signal });
  }
}

/** Until when a cancelled run may end before the command does. */
const CANCEL_MS = 20_000;

/** Cancels a run, and waits until nothing of it is under way. @returns whether that is known */
export async function cancelRun(api: Api, id: string): Promise<boolean> {
  await api.call(runOperations.cancelRun, runViewSchema, { params: { id } });
  const signal = AbortSignal.timeout(CANCEL_MS);
  return untilEnded(api, id, { signal }).then(
    () => true,
    (error: unknown) => {
      if (signal.aborted) return false;
      throw error;
    },
  );
}
