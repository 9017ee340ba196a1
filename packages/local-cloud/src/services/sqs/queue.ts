import { ServiceError } from '../service.ts';
import { MAX_VISIBILITY_SECONDS } from './attributes.ts';
import type { QueueSettings } from './attributes.ts';
import { invalidValue } from './errors.ts';
import type { SqsEventType } from './events.ts';
import type { Message, Receipt } from './message.ts';
import { Places } from './places.ts';
import { Receivers } from './receivers.ts';
import type { ReceiveRequest } from './receivers.ts';

/** What a queue needs from the store it is in. */
export interface QueueHost {
  /** Messages that may be in flight at once, over which a short poll is refused. AWS: 120,000. */
  readonly inFlightLimit: number;
  now(): number;
  /** Writes a change through to disk. */
  note(change: 'insert' | 'update' | 'delete', queue: Queue, message: Message): void;
  emit(type: SqsEventType, queue: Queue, message: Message): void;
  /** The queue its redrive policy names, unless that one is gone. */
  deadLetterQueue(queue: Queue): Queue | undefined;
}

/**
 * One queue in memory.
 *
 * 1. A message is in one place: ready, waiting (delayed or in flight), or gone.
 * 2. Until its visibility runs out a received message is given to nobody else, and then it is given again: nothing but
 *    `delete`, `purge`, the retention time or a redrive ends it.
 * 3. Only the newest receipt acts; an older one changes nothing.
 * 4. A message moved to its dead-letter queue keeps its id and its first enqueue time.
 * 5. Each change is noted for the disk in the same turn in which it happens.
 */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  modifiedAt: number;
  tags: Record<string, string> = {};
  readonly #host: QueueHost;
  readonly #messages = new Map<number, Message>();
  readonly #places: Places;
  readonly #receivers: Receivers;
  #settings: QueueSettings;
  /** No message expires before this time. */
  #nextExpiry = 0;

  constructor(host: QueueHost, identity: { name: string; arn: string; createdAt: number }, settings: QueueSettings) {
    this.#host = host;
    this.name = identity.name;
    this.arn = identity.arn;
    this.createdAt = identity.createdAt;
    this.modifiedAt = identity.createdAt;
    this.#settings = settings;
    this.#receivers = new Receivers((request) => this.#take(request));
    this.#places = new Places({
      now: () => host.now(),
      ready: () => this.#receivers.wake(),
      due: (message) => host.emit('visible', this, message),
    });
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  set settings(settings: QueueSettings) {
    this.#settings = settings;
    this.modifiedAt = this.#host.now();
    this.#nextExpiry = 0;
  }

  /** Takes in a new message, visible after the delay. */
  add(message: Message, delaySeconds: number): void {
    message.visibleAt = delaySeconds === 0 ? 0 : this.#host.now() + delaySeconds * 1000;
    this.#messages.set(message.seq, message);
    this.#host.note('insert', this, message);
    this.#host.emit('sent', this, message);
    this.#places.put(message);
  }

  /** Puts a message back where it was before a restart. */
  restore(message: Message): void {
    this.#messages.set(message.seq, message);
    if (message.visibleAt <= this.#host.now()) message.visibleAt = 0;
    this.#places.put(message);
  }

  /** Takes in a message that another queue's redrive policy gives up. Its receives count anew from 0. */
  adopt(message: Message, source: Queue): void {
    message.sourceArn = source.arn;
    message.receiveCount = 0;
    message.visibleAt = 0;
    this.#messages.set(message.seq, message);
    this.#nextExpiry = 0;
    this.#host.note('update', this, message);
    this.#host.emit('dead-lettered', this, message);
    this.#places.put(message);
  }

  /** Up to `most` messages, waiting for the first one as long as the request says; empty when nothing came or the signal aborts. */
  async receive(request: ReceiveRequest, signal?: AbortSignal): Promise<readonly Message[]> {
    if (this.#places.inFlight >= this.#host.inFlightLimit && request.waitSeconds === 0) {
      throw new ServiceError(
        'OverLimit',
        `More than ${this.#host.inFlightLimit} messages are in flight: delete some.`,
        403,
      );
    }
    const taken = this.#take(request);
    if (taken.length > 0 || request.waitSeconds === 0) return taken;
    return this.#receivers.wait(request, signal);
  }

  /** Deletes the message of the receipt. A receipt that is no longer the newest deletes nothing, and that is no error. */
  delete(receipt: Receipt): void {
    const message = this.#find(receipt);
    if (message === undefined) return;
    this.#drop(message);
    this.#host.emit('deleted', this, message);
  }

  /** Sets a new visibility timeout, counted from now; 0 gives the message back at once. */
  changeVisibility(receipt: Receipt, visibilitySeconds: number): void {
    this.#places.release();
    const message = this.#find(receipt);
    if (message === undefined) {
      throw invalidValue('ReceiptHandle', 'Message does not exist or is not available for visibility timeout change.');
    }
    if (message.place !== 'in-flight') {
      throw new ServiceError('MessageNotInflight', "The message's visibility has run out: receive it again.");
    }
    const until = this.#host.now() + visibilitySeconds * 1000;
    if (until > message.receivedAt + MAX_VISIBILITY_SECONDS * 1000) {
      throw invalidValue(
        'VisibilityTimeout',
        `Total VisibilityTimeout for the message is beyond the limit [${MAX_VISIBILITY_SECONDS} seconds]`,
      );
    }
    this.#places.remove(message);
    message.visibleAt = visibilitySeconds === 0 ? 0 : until;
    message.receiver = undefined;
    this.#host.note('update', this, message);
    if (visibilitySeconds === 0) this.#host.emit('visible', this, message);
    this.#places.put(message);
  }

  /** Makes visible at once what this receiver holds and nobody has set a visibility for since; answers with how many. */
  giveBack(receiver: string): number {
    this.#places.release();
    const held = [...this.#messages.values()].filter(
      (message) => message.place === 'in-flight' && message.receiver === receiver,
    );
    for (const message of held) {
      this.#places.remove(message);
      message.visibleAt = 0;
      message.receiver = undefined;
      this.#host.note('update', this, message);
      this.#host.emit('visible', this, message);
      this.#places.put(message);
    }
    return held.length;
  }

  purge(): void {
    for (const message of this.#messages.values()) this.#drop(message);
  }

  /** Takes one ready message out once `send` has sent it elsewhere, which it does in the same turn; `refused` keeps it here. */
  moveOut(send: (message: Message) => boolean): 'moved' | 'refused' | 'empty' {
    this.#places.release();
    const message = this.#places.next();
    if (message === undefined) return 'empty';
    if (!send(message)) {
      this.#places.put(message);
      return 'refused';
    }
    this.#drop(message);
    this.#host.emit('moved', this, message);
    return 'moved';
  }

  /** Exact numbers at this moment (AWS's are approximate), with the oldest message's enqueue time. */
  counts(): { visible: number; inFlight: number; delayed: number; oldestSentAt: number | undefined } {
    this.#places.release();
    this.#expire();
    const visible = this.#places.visible;
    const oldest = this.#messages.values().next().value;
    const delayed = this.#messages.size - visible - this.#places.inFlight;
    return { visible, inFlight: this.#places.inFlight, delayed, oldestSentAt: oldest?.sentAt };
  }

  /** Ends long polls and timers. */
  close(): void {
    this.#places.close();
    this.#receivers.close();
  }

  #take(request: ReceiveRequest): readonly Message[] {
    this.#places.release();
    const now = this.#host.now();
    const taken: Message[] = [];
    while (taken.length < request.most && this.#places.inFlight + taken.length < this.#host.inFlightLimit) {
      const message = this.#places.next();
      if (message === undefined) break;
      if (this.#isExpired(message, now)) this.#dropExpired(message);
      else if (!this.#deadLetter(message)) taken.push(message);
    }
    // Placed only now: with a visibility timeout of 0 one batch would otherwise hold the same message again and again.
    return taken.map((message) => this.#give(message, now, request));
  }

  #give(message: Message, now: number, { visibilitySeconds, receiver }: ReceiveRequest): Message {
    message.receiveCount++;
    message.receiver = receiver;
    message.generation++;
    message.firstReceivedAt ??= now;
    message.receivedAt = now;
    message.visibleAt = visibilitySeconds === 0 ? 0 : now + visibilitySeconds * 1000;
    this.#host.note('update', this, message);
    this.#host.emit('received', this, message);
    this.#places.put(message);
    // What the receiver sees is this receive, even when the message is received again before it is answered.
    return { ...message };
  }

  /** Moves a message that was received as often as the redrive policy allows; false when it is to be delivered. */
  #deadLetter(message: Message): boolean {
    const policy = this.#settings.redrive;
    if (policy === undefined || message.receiveCount < policy.maxReceiveCount) return false;
    const target = this.#host.deadLetterQueue(this);
    if (target === undefined) return false;
    this.#messages.delete(message.seq);
    target.adopt(message, this);
    return true;
  }

  #find(receipt: Receipt): Message | undefined {
    const message = this.#messages.get(receipt.seq);
    return message?.id === receipt.id && message.generation === receipt.generation ? message : undefined;
  }

  #drop(message: Message): void {
    this.#places.remove(message);
    this.#messages.delete(message.seq);
    this.#host.note('delete', this, message);
  }

  #isExpired(message: Message, now: number): boolean {
    return message.sentAt + this.#settings.retentionSeconds * 1000 <= now;
  }

  #dropExpired(message: Message): void {
    this.#drop(message);
    this.#host.emit('expired', this, message);
  }

  #expire(): void {
    const now = this.#host.now();
    if (now < this.#nextExpiry) return;
    let oldest = now;
    for (const message of this.#messages.values()) {
      if (this.#isExpired(message, now)) this.#dropExpired(message);
      else oldest = Math.min(oldest, message.sentAt);
    }
    this.#nextExpiry = oldest + this.#settings.retentionSeconds * 1000;
  }
}
