import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { ROOT } from '../../service.ts';
import type { CallService, Caller } from '../../service.ts';
import type { NotificationRule } from './configuration.ts';

/** The caller for S3's own calls to a queue, topic or function. */
const s3For = (bucket: string): Caller => ({
  accessKeyId: 's3.amazonaws.com',
  principal: 's3.amazonaws.com',
  source: `arn:aws:s3:::${bucket}`,
});

/** Attempts before an event is dropped. The delay doubles from 250 ms, which adds up to about four minutes. */
const MAX_ATTEMPTS = 11;
const FIRST_WAIT_MS = 250;

/** Maximum messages in delivery at the same time. */
const MAX_CONCURRENT = 32;

type Target = Pick<NotificationRule, 'target' | 'arn'>;

interface Outgoing extends Target {
  readonly bucket: string;
  readonly message: string;
}

/** Sends one message to a rule's target on behalf of the bucket. */
export async function deliver(
  call: CallService,
  { target, arn }: Target,
  bucket: string,
  message: string,
): Promise<void> {
  const caller = s3For(bucket);
  switch (target) {
    case 'sqs': {
      const QueueName = arn.slice(arn.lastIndexOf(':') + 1);
      const { QueueUrl } = await call('sqs', 'GetQueueUrl', { QueueName }, ROOT);
      await call('sqs', 'SendMessage', { QueueUrl, MessageBody: message }, caller);
      return;
    }
    case 'sns':
      await call('sns', 'Publish', { TopicArn: arn, Message: message, Subject: 'Amazon S3 Notification' }, caller);
      return;
    case 'lambda':
      await call(
        'lambda',
        'Invoke',
        { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(message) },
        caller,
      );
      return;
  }
}

/**
 * Events that have not been delivered yet.
 *
 * 1. An event is written in the transaction that changes the object and deleted only after delivery: at least once, across
 *    crashes.
 * 2. Its row number is its sequencer, so the later of two events of a key has the greater sequencer.
 * 3. An event whose target is unavailable for four minutes is dropped with a process warning.
 */
export class Outbox {
  readonly #call: CallService;
  readonly #insert: StatementSync;
  readonly #fill: StatementSync;
  readonly #delete: StatementSync;
  readonly #next: StatementSync;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** The last row for which delivery has started. */
  #started = 0;
  #active = 0;
  #closed = false;

  constructor(database: DatabaseSync, call: CallService) {
    this.#call = call;
    this.#insert = database.prepare("INSERT INTO outbox (record) VALUES ('')");
    this.#fill = database.prepare('UPDATE outbox SET record = ? WHERE seq = ?');
    this.#delete = database.prepare('DELETE FROM outbox WHERE seq = ?');
    this.#next = database.prepare('SELECT seq, record FROM outbox WHERE seq > ? ORDER BY seq LIMIT 1');
  }

  /** Records an event. Call it inside the transaction of the change, and call `send` after it. */
  add(target: Target, bucket: string, message: (sequencer: string) => string): void {
    const seq = Number(this.#insert.run().lastInsertRowid);
    const sequencer = seq.toString(16).toUpperCase().padStart(18, '0');
    const outgoing: Outgoing = { target: target.target, arn: target.arn, bucket, message: message(sequencer) };
    this.#fill.run(JSON.stringify(outgoing), seq);
  }

  /** Starts delivering the pending events without waiting for them. */
  send(): void {
    while (!this.#closed && this.#active < MAX_CONCURRENT) {
      const found = this.#next.get(this.#started);
      if (found === undefined) return;
      const row = Row.parse(found);
      this.#started = row.seq;
      void this.#attempt(row.seq, JSON.parse(row.record) as Outgoing, 1);
    }
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #attempt(seq: number, outgoing: Outgoing, attempt: number): Promise<void> {
    this.#active++;
    const failure = await deliver(this.#call, outgoing, outgoing.bucket, outgoing.message).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    this.#active--;
    if (this.#closed) return;
    if (failure !== undefined && attempt < MAX_ATTEMPTS) {
      this.#retry(seq, outgoing, attempt);
    } else {
      if (failure !== undefined) {
        process.emitWarning(`An S3 event for ${outgoing.arn} was dropped after ${attempt} failed attempts: ${failure}`);
      }
      this.#delete.run(seq);
    }
    this.send();
  }

  /** Schedules the next attempt. Other messages are not delayed. */
  #retry(seq: number, outgoing: Outgoing, attempt: number): void {
    const again = (): void => {
      this.#timers.delete(timer);
      void this.#attempt(seq, outgoing, attempt + 1);
    };
    const timer = setTimeout(again, FIRST_WAIT_MS * 2 ** (attempt - 1));
    timer.unref();
    this.#timers.add(timer);
  }
}

const Row = z.object({ seq: z.number(), record: z.string() });
