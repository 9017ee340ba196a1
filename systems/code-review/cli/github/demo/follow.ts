import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { nodeIds } from '#adapters/node/ids.ts';
import { taskPageSchema, taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { keyedTaskId } from '#core/tasks/task-id.ts';
import type { ApiClient } from '#cli/api/client.ts';
import { count } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import { hasEnded } from '#client/wait.ts';
import { GithubClient, type GithubAccess } from '../../../github/client.ts';
import { taskKeyOf } from '../../../pull-request/task-id.ts';
import type { GithubProcess } from './github-process.ts';
import type { State } from './protocol.ts';

export interface Following {
  readonly github: GithubProcess;
  readonly api: ApiClient;
  /** Access to the simulated GitHub as the app. */
  readonly app: () => Promise<GithubAccess>;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** What became of the review of a head. */
export interface Followed {
  readonly head: string;
  /** Of the check run: such as `failure`. */
  readonly conclusion: string;
  readonly ms: number;
  /** The supervisor's task; null if the change had no lines to read. */
  readonly task: TaskView | null;
}

const POLL_MS = 250;
/** Long, since a slow machine has lost nothing. */
const PATIENCE_MS = 600_000;

/**
 * Follows the review of a head from the delivery to the end of its check run, and says each step with its time.
 * @returns null if it was interrupted, or if a push has replaced the head
 */
export async function followReview(following: Following, head: string): Promise<Followed | null> {
  const startedAt = performance.now();
  const { github, output, signal } = following;
  const took = (): number => performance.now() - startedAt;
  const steps = new Steps(output, took);
  let task: TaskView | null = null;
  for (;;) {
    const state = github.state();
    if (signal.aborted || (state !== undefined && state.head !== head)) return null;
    if (took() > PATIENCE_MS)
      throw new UserError('The review has no verdict yet.', 'See why: npm run fleet -- tasks --status failed');
    const ms = took();
    const check = state?.checkRuns.at(-1);
    const execution = state === undefined ? null : await delivered(following, state, steps);
    if (check !== undefined) steps.once('queued', 'the check run is queued');
    if (check !== undefined && check.status !== 'queued') steps.once('check', 'the check run is in progress');
    if (execution !== null) task = (await readSupervisor(following, execution)) ?? task;
    if (task !== null) await showParts(following, task, steps);
    if (check?.status === 'completed') {
      output.progress('');
      steps.once('done', `the check run is completed: ${check.conclusion ?? ''}`);
      return { head, conclusion: check.conclusion ?? '', ms, task };
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Lines with the seconds since the push, each once. */
class Steps {
  readonly #said = new Set<string>();
  readonly #output: Output;
  readonly #took: () => number;

  constructor(output: Output, took: () => number) {
    this.#output = output;
    this.#took = took;
  }

  once(name: string, text: string): void {
    if (this.#said.has(name)) return;
    this.#said.add(name);
    this.#output.line(`${this.#time()}  ${text}`);
  }

  progress(text: string): void {
    this.#output.progress(`${this.#time()}  ${text}`);
  }

  #time(): string {
    return `${(this.#took() / 1_000).toFixed(1)} s`.padStart(8);
  }
}

const answerSchema = z.object({ response: z.object({ payload: z.string() }) });
const executionSchema = z.object({ execution: z.string() });

/** The execution that the delivery of the push has started; null before. Throws a `UserError` when it was rejected. */
async function delivered({ app }: Following, { head, deliveries }: State, steps: Steps): Promise<string | null> {
  const delivery = deliveries.findLast((each) => each.head === head);
  if (delivery === undefined || delivery.status === 'pending') return null;
  const { id, action, status, code } = delivery;
  if (status !== 'OK')
    throw new UserError(
      `The fleet did not accept the webhook: ${status}.`,
      `Send it again to see why: npm run fleet -- github replay ${id}`,
    );
  steps.once('delivery', `delivery ${id} (pull_request.${action}): the fleet answered ${code}`);
  const { response } = await new GithubClient(await app()).get(`/app/hook/deliveries/${id}`, answerSchema);
  return executionSchema.safeParse(JSON.parse(response.payload)).data?.execution ?? null;
}

/** The supervisor's task; null before it is submitted, and for the tasks of a tenant that the key may not see. */
async function readSupervisor({ api }: Following, execution: string): Promise<TaskView | null> {
  const id = keyedTaskId(nodeIds(), 'default', taskKeyOf(execution));
  return api.call(taskOperations.getTask, taskViewSchema, { params: { id } }).catch(() => null);
}

/** Shows how far each specialist has come. */
async function showParts({ api }: Following, { id, status }: TaskView, steps: Steps): Promise<void> {
  const page = await api
    .call(taskOperations.listTasks, taskPageSchema, { query: { parent: id, limit: 100 } })
    .catch(() => null);
  if (page === null || page.tasks.length === 0) return;
  const bySpecialist = [...Map.groupBy(page.tasks, ({ agent }) => agent.replace(/^review-/, ''))].toSorted(([a], [b]) =>
    a.localeCompare(b),
  );
  steps.once(
    'parts',
    `the supervisor has delegated ${count(page.tasks.length, 'part')} to ${count(bySpecialist.length, 'specialist')}`,
  );
  for (const [name, tasks] of bySpecialist)
    if (tasks.every(hasEnded)) steps.once(name, `${name} has read ${count(tasks.length, 'part')}`);
  const counts = bySpecialist.map(([name, tasks]) => `${name} ${tasks.filter(hasEnded).length}/${tasks.length}`);
  if (status === 'succeeded') steps.once('concluded', 'the supervisor has concluded');
  else steps.progress(counts.join(', '));
}
