import { randomBytes } from 'node:crypto';
import type { OnEvent } from '../events.ts';
import type { Measure } from '../services/cloudwatch/metrics/metric.ts';
import type { Capacity, CapacityUser } from './capacity.ts';
import type { Environment, StartEnvironment } from './environment.ts';
import type { LogStream, LogWriter } from './log-files.ts';
import type { EnvironmentSpec, FunctionError, Outcome } from './protocol.ts';

/** What the environments of a function need from the cloud. */
export interface FunctionHost {
  readonly startEnvironment: StartEnvironment;
  readonly capacity: Capacity;
  /** Whether other local clouds share this machine, so that environments are started sparingly. */
  readonly isShared: boolean;
  readonly onEvent: OnEvent;
  readonly measure: Measure;
  openLog(functionName: string): LogWriter;
}

/** An event that waits for an environment. */
export interface PendingEvent {
  readonly requestId: string;
  readonly payload: string;
  readonly functionArn: string;
  readonly settle: (outcome: Outcome) => void;
}

const INIT_LIMIT_MS = 10_000;

/**
 * Milliseconds for which an event waits for a busy environment before it gets one of its own. Many events of an API take less,
 * and a start takes longer and delays all others, so requests that happen to overlap would start more and more.
 */
const PATIENCE_MS = 30;
/**
 * Where clouds share a machine, patience doubles with each environment that the function has in use, and it has at most so many.
 * Many requests that wait long, such as for another region, would need an environment each, of 25 MB, and their starts would slow
 * down everything, so that they wait even longer.
 */
const MOST_IF_SHARED = 6;

interface Waiting {
  readonly event: PendingEvent;
  readonly since: number;
}

interface Member {
  readonly environment: Environment;
  readonly log: LogStream;
  idleSince: number;
}

/**
 * The environments of one function.
 * 1. An environment runs one event at a time. An event waits only while no environment is idle.
 * 2. The first free environment, newly started or newly idle, runs the event that has waited longest.
 * 3. A crash or a timeout ends only its environment and its event. A handler that cannot be loaded fails one event.
 * 4. The most recently used environment is used next, so that the others become idle and are stopped.
 * 5. An event starts an environment at once when none is busy, else once its patience is over.
 */
export class EnvironmentPool implements CapacityUser {
  readonly #spec: EnvironmentSpec & { readonly timeoutSeconds: number };
  readonly #host: FunctionHost;
  readonly #log: LogWriter;
  readonly #pending: Waiting[] = [];
  readonly #idle: Member[] = [];
  readonly #members = new Set<Member>();
  #starting = 0;
  #patience: NodeJS.Timeout | undefined;
  #warm = 0;
  #closed = false;

  constructor(spec: EnvironmentSpec & { readonly timeoutSeconds: number }, host: FunctionHost) {
    this.#spec = spec;
    this.#host = host;
    this.#log = host.openLog(spec.functionName);
    host.capacity.join(this);
  }

  add(event: PendingEvent): void {
    this.#pending.push({ event, since: performance.now() });
    this.dispatch();
  }

  /** Keeps at least `count` environments started (provisioned concurrency). */
  keepWarm(count: number): void {
    this.#warm = Math.max(this.#warm, count);
    this.dispatch();
  }

  dispatch(): void {
    while (this.#pending.length > 0) {
      const member = this.#idle.pop();
      if (member === undefined) break;
      const next = this.#pending.shift();
      if (next !== undefined) void this.#run(member, next.event);
    }
    while (this.#wanted() > 0 && this.#host.capacity.tryStartEnvironment(this)) this.#start();
    this.#lookAgain();
  }

  stopIdle(): boolean {
    if (this.#members.size <= this.#warm) return false;
    const member = this.#idle.shift();
    void member?.environment.stop();
    return member !== undefined;
  }

  /** Stops environments that have been idle since before `time`, except those kept warm. */
  reclaim(time: number): void {
    for (;;) {
      const oldest = this.#idle[0];
      if (oldest === undefined || oldest.idleSince > time || !this.stopIdle()) return;
    }
  }

  /** Kills every environment. Running events end as crashes, and waiting events get new environments. */
  async crash(): Promise<void> {
    await Promise.all([...this.#members].map(({ environment }) => environment.stop()));
  }

  /** Stops every environment. Running and waiting events end as crashes. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#patience);
    const error = { errorType: 'Runtime.ExitError', errorMessage: 'Error: The local cloud was closed' };
    for (const { event } of this.#pending.splice(0)) event.settle({ kind: 'crash', error });
    await this.crash();
    await this.#log.close();
  }

  #wanted(): number {
    if (this.#closed) return 0;
    const limit = performance.now() - this.#patienceMs();
    const impatient = this.#pending.filter(({ since }) => since <= limit).length;
    const most = this.#host.isShared ? MOST_IF_SHARED - this.#members.size : Infinity;
    return Math.max(Math.min(most, impatient - this.#starting), this.#warm - this.#members.size);
  }

  /** How long an event waits now for an environment that is in use, before it gets one of its own. */
  #patienceMs(): number {
    const inUse = this.#members.size - this.#idle.length;
    if (!this.#host.isShared) return inUse > this.#starting ? PATIENCE_MS : 0;
    return inUse === 0 ? 0 : PATIENCE_MS * 2 ** (inUse - 1);
  }

  /** Looks again when the patience of the next event is over. Those whose patience is over wait for capacity. */
  #lookAgain(): void {
    clearTimeout(this.#patience);
    const limit = performance.now() - this.#patienceMs();
    const next = this.#pending.find(({ since }) => since > limit);
    if (next !== undefined) this.#patience = setTimeout(() => this.dispatch(), Math.ceil(next.since - limit));
  }

  #start(): void {
    const began = performance.now();
    const { functionName } = this.#spec;
    const log = this.#log.stream((requestId, line) =>
      this.#host.onEvent({ code: 'lambda.log', function: functionName, requestId, line }),
    );
    const environment = this.#host.startEnvironment(this.#spec, log.write);
    log.name = environment.id;
    const member: Member = { environment, log, idleSince: 0 };
    this.#members.add(member);
    this.#starting++;
    void this.#initialized(environment).then((error) => {
      this.#starting--;
      this.#host.capacity.environmentStarted();
      if (error !== undefined) return this.#initFailed(member, error);
      const initMs = performance.now() - began;
      this.#host.onEvent({ code: 'lambda.cold-start', function: functionName, environment: environment.id, initMs });
      this.#free(member);
    });
    void environment.gone.then(() => this.#remove(member));
  }

  /** Waits for the handler to load: at most Lambda's 10 s plus the time limit of the function. */
  async #initialized(environment: Environment): Promise<FunctionError | undefined> {
    const limitMs = INIT_LIMIT_MS + this.#spec.timeoutSeconds * 1000;
    const { promise, resolve } = Promise.withResolvers<FunctionError>();
    const timer = setTimeout(resolve, limitMs, {
      errorType: 'Sandbox.Timedout',
      errorMessage: `Error: The handler was not loaded after ${limitMs / 1000} seconds`,
    });
    const error = await Promise.race([environment.ready, promise]);
    clearTimeout(timer);
    return error;
  }

  #remove(member: Member): void {
    member.log.end();
    this.#members.delete(member);
    const index = this.#idle.indexOf(member);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#host.capacity.environmentGone();
    this.dispatch();
  }

  #initFailed({ environment, log }: Member, error: FunctionError): void {
    void environment.stop();
    // `close` has ended it, and the events that waited.
    if (this.#closed) return;
    // Keeping such a function warm would start and fail forever. The next event tries again.
    this.#warm = 0;
    const event = this.#pending.shift()?.event;
    const requestId = event?.requestId ?? '';
    log.write(`INIT_REPORT Status: error Error Type: ${error.errorType} ${error.errorMessage}\n`);
    this.#host.onEvent({
      code: 'lambda.init-error',
      function: this.#spec.functionName,
      requestId,
      errorType: error.errorType,
      message: error.errorMessage,
    });
    event?.settle({ kind: 'error', error });
    this.dispatch();
  }

  async #run(member: Member, { requestId, payload, functionArn, settle }: PendingEvent): Promise<void> {
    const { environment, log } = member;
    const began = performance.now();
    const deadline = Date.now() + this.#spec.timeoutSeconds * 1000;
    log.requestId = requestId;
    const outcome = await environment.invoke({
      requestId,
      payload,
      functionArn,
      deadline,
      traceHeader: traceOf(requestId),
    });
    const duration = (performance.now() - began).toFixed(2);
    log.write(endOf(outcome, requestId, this.#spec.timeoutSeconds));
    log.write(
      `REPORT RequestId: ${requestId}\tDuration: ${duration} ms\tMemory Size: ${this.#spec.memoryMb} MB\tStatus: ${outcome.kind}\n`,
    );
    if (outcome.kind === 'success' || outcome.kind === 'error') this.#free(member);
    settle(outcome);
  }

  #free(member: Member): void {
    member.idleSince = Date.now();
    this.#idle.push(member);
    this.dispatch();
    if (this.#idle.includes(member)) this.#host.capacity.environmentIdle(this);
  }
}

/** What Lambda writes when an environment did not survive an event. */
function endOf(outcome: Outcome, requestId: string, timeoutSeconds: number): string {
  if (outcome.kind === 'timeout')
    return `${new Date().toISOString()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds\n`;
  return outcome.kind === 'crash' ? `RequestId: ${requestId} ${outcome.error.errorMessage}\n` : '';
}

/** Creates a trace header for a request. It is not sampled, because no X-Ray daemon runs here. */
function traceOf(requestId: string): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const root = `1-${seconds}-${requestId.replaceAll('-', '').slice(0, 24)}`;
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
