import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { ROOT } from '../../service.ts';
import type { CallService, Caller } from '../../service.ts';
import type { NotificationRule } from './configuration.ts';

/** Who S3 is when it sends to a queue, a topic or a function for a bucket. */
const s3For = (bucket: string): Caller => ({
  accessKeyId: 's3.amazonaws.com',
  principal: 's3.amazonaws.com',
  source: `arn:aws:s3:::${bucket}`,
});

/** Tries before a message is given up, the wait doubling from 250 ms: about four minutes in all. */
const MAX_ATTEMPTS = 11;
const FIRST_WAIT_MS = 250;

/** Messages under way at once. */
const AT_ONCE = 32;

type Target = Pick<NotificationRule, 'target' | 'arn'>;

interface Outgoing extends Target {
  readonly bucket: string;
  readonly message: string;
}

/** Sends one message to a rule's target, on behalf of the bucket that notifies. */
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
 * Events on their way.
 *
 * 1. An event is written in the transaction that changes the object, and deleted only when its target has it: at least once,
 *    across crashes.
 * 2. Its row number is its sequencer: of two events of one key the later has the greater one.
 * 3. A target that stays away for four minutes loses the event, with a warning of the process.
 */
export class Outbox {
  readonly #call: CallService;
  readonly #insert: StatementSync;
  readonly #fill: StatementSync;
  readonly #delete: StatementSync;
  readonly #next: StatementSync;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** The last row taken up; later ones are still to be. */
  #taken = 0;
  #active = 0;
  #closed = false;

  constructor(database: DatabaseSync, call: CallService) {
    this.#call = call;
    this.#insert = database.prepare("INSERT INTO outbox (record) VALUES ('')");
    this.#fill = database.prepare('UPDATE outbox SET record = ? WHERE seq = ?');
    this.#delete = database.prepare('DELETE FROM outbox WHERE seq = ?');
    this.#next = database.prepare('SELECT seq, record FROM outbox WHERE seq > ? ORDER BY seq LIMIT 1');
  }

  /** Writes an event down; call it inside the transaction of the change, and `send` after it. */
  add(target: Target, bucket: string, message: (sequencer: string) => string): void {
    const seq = Number(this.#insert.run().lastInsertRowid);
    const sequencer = seq.toString(16).toUpperCase().padStart(18, '0');
    const outgoing: Outgoing = { target: target.target, arn: target.arn, bucket, message: message(sequencer) };
    this.#fill.run(JSON.stringify(outgoing), seq);
  }

  /** Sends what waits, without making the caller wait. */
  send(): void {
    while (!this.#closed && this.#active < AT_ONCE) {
      const found = this.#next.get(this.#taken);
      if (found === undefined) return;
      const row = Row.parse(found);
      this.#taken = row.seq;
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
        process.emitWarning(
          `An S3 event was given up after ${attempt} tries to send it to ${outgoing.arn}: ${failure}`,
        );
      }
      this.#delete.run(seq);
    }
    this.send();
  }

  /** A message that waits for its next try holds up no other. */
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
