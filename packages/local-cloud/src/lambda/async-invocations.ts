import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile } from '../data-folder.ts';
import type { OnEvent } from '../events.ts';
import { ROOT, ServiceError } from '../services/service.ts';
import type { CallService, Caller } from '../services/service.ts';
import type { InvokeResult } from './function.ts';
import type { Functions } from './functions.ts';

/** An event of an asynchronous invocation. */
export interface AsyncEvent {
  readonly functionArn: string;
  readonly payload: string;
  readonly requestId: string;
}

/** The settings of a function for asynchronous events. */
export interface AsyncSettings {
  /** Number of retries after a failure, 0–2. */
  readonly maximumRetries: number;
  /** Maximum age of an event before it is dropped, in seconds: 60–21,600. */
  readonly maximumAgeSeconds: number;
  /** The SQS queue or SNS topic that receives an event after its last retry failed. */
  readonly deadLetterArn: string | undefined;
  /** The SQS, SNS or Lambda destinations that receive a record of a failure or success. */
  readonly onFailureArn: string | undefined;
  readonly onSuccessArn: string | undefined;
  /** The identity that calls the destinations. */
  readonly caller: Caller;
}

interface Row {
  readonly id: number;
  readonly functionArn: string;
  readonly payload: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly acceptedAt: number;
  readonly dueAt: number;
}

/** One minute before the first retry, two minutes before the second. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_MS = [60_000, 120_000];

/**
 * Lambda's queue of asynchronous events.
 * 1. An event is on disk before its caller gets a response. It is deleted only when it succeeded or was dropped.
 * 2. A function error is retried according to the settings. A throttle is retried until the event is too old.
 * 3. After its last retry, an event goes to the dead-letter target and the on-failure destination, if configured.
 */
export class AsyncInvocations {
  readonly #database: DatabaseSync;
  readonly #functions: Functions;
  readonly #call: CallService;
  readonly #onEvent: OnEvent;
  readonly #settings = new Map<string, AsyncSettings>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(file: string, functions: Functions, call: CallService, onEvent: OnEvent) {
    this.#database = openDatabaseFile(file);
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS events (
        id INTEGER PRIMARY KEY, functionArn TEXT NOT NULL, payload TEXT NOT NULL, requestId TEXT NOT NULL,
        attempt INTEGER NOT NULL, acceptedAt INTEGER NOT NULL, dueAt INTEGER NOT NULL
      ) STRICT`);
    this.#functions = functions;
    this.#call = call;
    this.#onEvent = onEvent;
  }

  configure(functionName: string, settings: Partial<AsyncSettings> & { readonly caller: Caller }): void {
    const before = this.#settings.get(functionName) ?? {
      maximumRetries: 2,
      maximumAgeSeconds: 21_600,
      deadLetterArn: undefined,
      onFailureArn: undefined,
      onSuccessArn: undefined,
    };
    this.#settings.set(functionName, { ...before, ...settings });
  }

  /** Schedules the events that an earlier process left. */
  start(): void {
    for (const row of this.#database.prepare('SELECT * FROM events').all()) this.#schedule(row as unknown as Row);
  }

  /** Stores an event, which runs in the background. */
  add({ functionArn, payload, requestId }: AsyncEvent): void {
    const now = Date.now();
    const insert = this.#database.prepare(
      'INSERT INTO events (functionArn, payload, requestId, attempt, acceptedAt, dueAt) VALUES (?, ?, ?, 0, ?, ?)',
    );
    const { lastInsertRowid } = insert.run(functionArn, payload, requestId, now, now);
    const id = Number(lastInsertRowid);
    this.#schedule({ id, functionArn, payload, requestId, attempt: 0, acceptedAt: now, dueAt: now });
  }

  /** Stops starting events. Events that fail from now on stay on disk for the next start. */
  stop(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Waits for running events, then closes. Call it after the functions have closed. */
  async close(): Promise<void> {
    this.stop();
    await Promise.all(this.#running);
    this.#database.close();
  }

  #schedule(row: Row): void {
    if (this.#closed) return;
    const start = (): void => {
      const running = this.#run(row).finally(() => this.#running.delete(running));
      this.#running.add(running);
    };
    const waitMs = row.dueAt - Date.now();
    if (waitMs <= 0) return start();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      start();
    }, waitMs);
    this.#timers.add(timer);
  }

  async #run(row: Row): Promise<void> {
    try {
      const target = this.#functions.find(row.functionArn);
      const result = await target.function.invoke(row.payload, target.arn, row.requestId);
      if (result.failed) await this.#failed(row, result);
      else await this.#end(row, 'Success', result);
    } catch (error) {
      if (this.#closed) return;
      const throttled = error instanceof ServiceError && error.code === 'TooManyRequestsException';
      if (throttled) this.#retry(row, row.attempt, Math.min(300_000, Math.max(1000, Date.now() - row.acceptedAt)));
      else this.#drop(row, error instanceof Error ? error.message : String(error));
    }
  }

  async #failed(row: Row, result: InvokeResult): Promise<void> {
    if (this.#closed) return;
    const { maximumRetries } = this.#settingsOf(row);
    if (row.attempt < maximumRetries) return this.#retry(row, row.attempt + 1, RETRY_MS[row.attempt] ?? 0);
    await this.#end(row, 'RetriesExhausted', result);
  }

  #retry(row: Row, attempt: number, waitMs: number): void {
    const next = { ...row, attempt, dueAt: Date.now() + waitMs };
    if (next.dueAt - row.acceptedAt > this.#settingsOf(row).maximumAgeSeconds * 1000) {
      return this.#drop(row, 'The event is older than its maximum age.');
    }
    this.#database.prepare('UPDATE events SET attempt = ?, dueAt = ? WHERE id = ?').run(attempt, next.dueAt, row.id);
    this.#schedule(next);
  }

  async #end(row: Row, condition: 'Success' | 'RetriesExhausted', result: InvokeResult): Promise<void> {
    const { onSuccessArn, onFailureArn, deadLetterArn, caller } = this.#settingsOf(row);
    const destination = condition === 'Success' ? onSuccessArn : onFailureArn;
    if (destination !== undefined) await this.#send(destination, destinationRecord(row, condition, result), caller);
    if (condition === 'Success') return this.#remove(row);
    if (deadLetterArn !== undefined) await this.#send(deadLetterArn, row.payload, caller);
    this.#drop(row, result.payload);
  }

  async #send(arn: string, body: string, caller: Caller): Promise<void> {
    const [, , service, , account, ...rest] = arn.split(':');
    if (service === 'sqs') {
      const { QueueUrl } = await this.#call(
        'sqs',
        'GetQueueUrl',
        { QueueName: rest.join(':'), QueueOwnerAWSAccountId: account },
        ROOT,
      );
      await this.#call('sqs', 'SendMessage', { QueueUrl, MessageBody: body }, caller);
    } else if (service === 'sns') {
      await this.#call('sns', 'Publish', { TopicArn: arn, Message: body }, caller);
    } else {
      await this.#call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: body }, caller);
    }
  }

  #drop(row: Row, reason: string): void {
    this.#remove(row);
    this.#onEvent({ code: 'lambda.event-dropped', function: nameOf(row), requestId: row.requestId, reason });
  }

  #remove({ id }: Row): void {
    this.#database.prepare('DELETE FROM events WHERE id = ?').run(id);
  }

  #settingsOf(row: Row): AsyncSettings {
    const settings = this.#settings.get(nameOf(row));
    if (settings !== undefined) return settings;
    throw new Error(`The function ${nameOf(row)} has no settings for asynchronous events.`);
  }
}

/** Reads the function name from the ARN, because the template may no longer have the function. */
function nameOf({ functionArn }: Row): string {
  return functionArn.split(':')[6] ?? functionArn;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function destinationRecord(row: Row, condition: 'Success' | 'RetriesExhausted', result: InvokeResult): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: row.requestId,
      functionArn: row.functionArn,
      condition,
      approximateInvokeCount: row.attempt + 1,
    },
    requestPayload: JSON.parse(row.payload) as unknown,
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(result.failed && { functionError: 'Unhandled' }),
    },
    responsePayload: JSON.parse(result.payload) as unknown,
  });
}
