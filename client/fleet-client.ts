import { dispatch } from './dispatch.ts';
import { newKey } from './new-key.ts';
import { transport, type FleetClientOptions, type Transport } from './transport.ts';
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
import { waitForEnd, type WaitOptions } from './wait.ts';

export interface SubmitOptions {
  /** The same key is the same task. @default a new one for each call, so that the client's own retries are safe */
  readonly idempotencyKey?: string;
}

/** A conversation: tasks that name it run one after the other and share what was said. */
export interface FleetSession {
  /** What was said, and which tasks wait in it. */
  get(): Promise<SessionView>;
  /** Forgets what was said. */
  forget(): Promise<void>;
}

/**
 * The task API over `fetch`, and nothing else: for Node 20 and newer, Deno, Lambda and browsers. Every method throws
 * `FleetError` for what the API refuses, after it tried again where that may help.
 */
export class FleetClient {
  readonly #send: Transport;

  constructor(options: FleetClientOptions) {
    this.#send = transport(options);
  }

  /** Hands a task in. Once it is accepted it will end, whatever happens to this process. */
  async submit(task: TaskSubmission, { idempotencyKey = newKey() }: SubmitOptions = {}): Promise<Accepted> {
    return this.#post('/tasks', task, idempotencyKey);
  }

  /** The task when it has ended. Throws `FleetError` of the kind `timed-out` when it has not by then. */
  async wait(id: string, options: WaitOptions = {}): Promise<EndedTask> {
    return waitForEnd(this.#send, id, options);
  }

  /**
   * Hands many tasks in and waits for all. The outcomes stand in the order of the tasks; one that is refused says so in
   * its place and stops no other. Throws only where no task could be judged, such as for a wrong key.
   */
  async dispatch(tasks: readonly DispatchedTask[], options: WaitOptions = {}): Promise<Outcome[]> {
    return dispatch(this.#send, tasks, options);
  }

  /** The task as it stands. */
  async get(id: string): Promise<TaskView> {
    return this.#get(pathOf(id));
  }

  /** Tasks, newest first, read page by page while you go on. */
  async *list(filter: TaskFilter = {}): AsyncGenerator<ListedTask, void, undefined> {
    let cursor: string | undefined;
    do {
      const { body } = await this.#send<TaskPage>({ method: 'GET', path: '/tasks', query: { ...filter, cursor } });
      yield* body.tasks;
      cursor = body.next;
    } while (cursor !== undefined);
  }

  /** The model calls and tool calls of a task that finished, in order. */
  async steps(id: string): Promise<StepView[]> {
    const { steps } = await this.#get<{ steps: StepView[] }>(`${pathOf(id)}/steps`);
    return steps;
  }

  /** Cancels a task, within seconds where it is being worked on; the task as it stands. */
  async cancel(id: string): Promise<TaskView> {
    return this.#post(`${pathOf(id)}/cancel`);
  }

  /** A session's conversation. */
  session(id: string): FleetSession {
    const path = `/sessions/${encodeURIComponent(id)}`;
    return {
      get: () => this.#get(path),
      forget: async () => {
        await this.#send({ method: 'DELETE', path });
      },
    };
  }

  async #get<Body>(path: string): Promise<Body> {
    return (await this.#send<Body>({ method: 'GET', path })).body;
  }

  async #post<Body>(path: string, body?: unknown, idempotencyKey?: string): Promise<Body> {
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    return (await this.#send<Body>({ method: 'POST', path, ...(body !== undefined && { body }), ...key })).body;
  }
}

const pathOf = (id: string): string => `/tasks/${encodeURIComponent(id)}`;
