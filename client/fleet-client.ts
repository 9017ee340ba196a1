import { dispatch, type Keying } from './dispatch.ts';
import { newKey } from './new-key.ts';
import { regionalTransport, type ManyRegions } from './regions/transport.ts';
import type { Call } from './send-once.ts';
import { transport, type OneRegion, type Transport } from './transport.ts';
import type {
  Accepted,
  DispatchedTask,
  EndedTask,
  ListedTask,
  Outcome,
  SessionView,
  StepView,
  TaskFilter,
  TaskPage,
  TaskSubmission,
  TaskView,
} from './types.ts';
import type { WaitOptions } from './patience.ts';
import { waitForEnd } from './wait.ts';

/** A fleet with one address, or one in several regions. */
export type FleetClientOptions = OneRegion | ManyRegions;

export interface SubmitOptions {
  /** The same key means the same task. @default a new key per call, which makes the client's own retries safe */
  readonly idempotencyKey?: string;
}

/** A conversation. Tasks of a session run one after another and share the conversation. */
export interface FleetSession {
  /** Returns the conversation and the tasks that wait in the session. */
  get(): Promise<SessionView>;
  /** Deletes the conversation. */
  forget(): Promise<void>;
}

/**
 * A client for the task API. It needs only `fetch`, so it runs on Node 20 and newer, Deno, Lambda and in browsers. It
 * retries temporary failures. With `regions` it asks the nearest, and the next one when that fails. Every method throws `FleetError` when the API rejects a request or does not respond.
 */
export class FleetClient {
  readonly #send: Transport;
  readonly #keying: Keying;
  readonly #isRegional: boolean;

  constructor(options: FleetClientOptions) {
    this.#isRegional = 'regions' in options;
    const { send, ...keying } =
      'regions' in options ? regionalTransport(options) : { send: transport(options), newKey: () => newKey() };
    this.#send = send;
    this.#keying = keying;
  }

  /** Submits a task. An accepted task always ends, whatever happens to this process. */
  async submit(task: TaskSubmission, { idempotencyKey }: SubmitOptions = {}): Promise<Accepted> {
    return this.#post('/tasks', task, idempotencyKey === undefined ? await this.#keyOf(task) : { idempotencyKey });
  }

  /** Waits until a task has ended, and returns it. Throws a `FleetError` of kind `timed-out` after `timeoutMs`. */
  async wait(id: string, options: WaitOptions = {}): Promise<EndedTask> {
    return waitForEnd(this.#send, id, options);
  }

  /**
   * Submits many tasks and waits for all of them. The outcomes are in the order of the tasks. A rejected task has the
   * problem as its outcome and does not affect the others. Throws only if no task could be submitted, as for an invalid key.
   */
  async dispatch(tasks: readonly DispatchedTask[], options: WaitOptions = {}): Promise<Outcome[]> {
    return dispatch(this.#send, tasks, options, this.#keying);
  }

  /** Returns the current state of a task. */
  async get(id: string): Promise<TaskView> {
    return this.#get(pathOf(id));
  }

  /** Lists tasks, newest first. Pages are read as you iterate. */
  async *list(filter: TaskFilter = {}): AsyncGenerator<ListedTask, void, undefined> {
    let cursor: string | undefined;
    do {
      const { body } = await this.#send<TaskPage>({ method: 'GET', path: '/tasks', query: { ...filter, cursor } });
      yield* body.tasks;
      cursor = body.next;
    } while (cursor !== undefined);
  }

  /** Returns the completed model calls and tool calls of a task, in order. */
  async steps(id: string): Promise<StepView[]> {
    const { steps } = await this.#get<{ steps: StepView[] }>(`${pathOf(id)}/steps`);
    return steps;
  }

  /** Cancels a task, and returns its current state. A running task ends within seconds. */
  async cancel(id: string): Promise<TaskView> {
    return this.#post(`${pathOf(id)}/cancel`);
  }

  /** Returns a handle to a session. */
  session(id: string): FleetSession {
    const path = `/sessions/${encodeURIComponent(id)}`;
    return {
      get: () => this.#get(path),
      forget: async () => {
        await this.#send({ method: 'DELETE', path });
      },
    };
  }

  /** The key of a task whose caller gave none. */
  async #keyOf({ sessionId }: TaskSubmission): Promise<Key> {
    if (this.#isRegional && sessionId === undefined) return { keyedByRegion: true };
    return { idempotencyKey: await this.#keying.newKey(sessionId) };
  }

  async #get<Body>(path: string): Promise<Body> {
    return (await this.#send<Body>({ method: 'GET', path })).body;
  }

  async #post<Body>(path: string, body?: unknown, key: Key = {}): Promise<Body> {
    return (await this.#send<Body>({ method: 'POST', path, ...(body !== undefined && { body }), ...key })).body;
  }
}

type Key = Pick<Call, 'idempotencyKey' | 'keyedByRegion'>;

const pathOf = (id: string): string => `/tasks/${encodeURIComponent(id)}`;
