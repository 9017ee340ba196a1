import { ServiceError } from '../service.ts';
import { MAX_VISIBILITY_SECONDS } from './attributes.ts';
import type { QueueSettings } from './attributes.ts';
import { invalidValue } from './errors.ts';
import type { SqsEventType } from './events.ts';
import type { Message, Receipt } from './message.ts';
import { MessageLocations } from './locations.ts';
import { Receivers } from './receivers.ts';
import type { ReceiveRequest } from './receivers.ts';

/** What a queue needs from its store. */
export interface QueueHost {
  /** Maximum messages in flight, above which a short poll is rejected. AWS: 120,000. */
  readonly inFlightLimit: number;
  now(): number;
  /** Records a change for the disk. */
  record(change: 'insert' | 'update' | 'delete', queue: Queue, message: Message): void;
  emit(type: SqsEventType, queue: Queue, message: Message): void;
  /** The queue that the redrive policy names, or undefined when it does not exist. */
  deadLetterQueue(queue: Queue): Queue | undefined;
}

/**
 * One queue in memory.
 *
 * 1. A message is in one location: ready, hidden (delayed or in flight), or gone.
 * 2. A received message is delivered to nobody else until its visibility timeout ends, and is then delivered again. Only
 *    `delete`, `purge`, the retention period or a redrive removes it.
 * 3. Only the newest receipt is valid. An older one changes nothing.
 * 4. A message moved to its dead-letter queue keeps its id and first enqueue time.
 * 5. Each change is recorded for the disk in the turn in which it happens.
 */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  modifiedAt: number;
  tags: Record<string, string> = {};
  readonly #host: QueueHost;
  readonly #messages = new Map<number, Message>();
  readonly #locations: MessageLocations;
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
    this.#locations = new MessageLocations({
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

  /** Adds a new message, visible after the delay. */
  add(message: Message, delaySeconds: number): void {
    message.visibleAt = delaySeconds === 0 ? 0 : this.#host.now() + delaySeconds * 1000;
    this.#messages.set(message.seq, message);
    this.#host.record('insert', this, message);
    this.#host.emit('sent', this, message);
    this.#locations.put(message);
  }

  /** Puts a message back in its location after a restart. */
  restore(message: Message): void {
    this.#messages.set(message.seq, message);
    if (message.visibleAt <= this.#host.now()) message.visibleAt = 0;
    this.#locations.put(message);
  }

  /** Adds a message that another queue's redrive policy dead-letters. Its receive count starts again at 0. */
  addDeadLetter(message: Message, source: Queue): void {
    message.sourceArn = source.arn;
    message.receiveCount = 0;
    message.visibleAt = 0;
    this.#messages.set(message.seq, message);
    this.#nextExpiry = 0;
    this.#host.record('update', this, message);
    this.#host.emit('dead-lettered', this, message);
    this.#locations.put(message);
  }

  /** Returns up to `maxMessages` messages, after waiting for the first as requested. Empty on timeout or abort. */
  async receive(request: ReceiveRequest, signal?: AbortSignal): Promise<readonly Message[]> {
    if (this.#locations.inFlight >= this.#host.inFlightLimit && request.waitSeconds === 0) {
      throw new ServiceError(
        'OverLimit',
        `More than ${this.#host.inFlightLimit} messages are in flight: delete some messages.`,
        403,
      );
    }
    const taken = this.#take(request);
    if (taken.length > 0 || request.waitSeconds === 0) return taken;
    return this.#receivers.wait(request, signal);
  }

  /** Deletes the message of the receipt. An outdated receipt deletes nothing and is not an error. */
  delete(receipt: Receipt): void {
    const message = this.#find(receipt);
    if (message === undefined) return;
    this.#drop(message);
    this.#host.emit('deleted', this, message);
  }

  /** Sets a new visibility timeout, counted from now. 0 makes the message visible immediately. */
  changeVisibility(receipt: Receipt, visibilitySeconds: number): void {
    this.#locations.release();
    const message = this.#find(receipt);
    if (message === undefined) {
      throw invalidValue('ReceiptHandle', 'Message does not exist or is not available for visibility timeout change.');
    }
    if (message.location !== 'in-flight') {
      throw new ServiceError(
        'MessageNotInflight',
        'The visibility timeout of the message has ended. Receive the message again.',
      );
    }
    const until = this.#host.now() + visibilitySeconds * 1000;
    if (until > message.receivedAt + MAX_VISIBILITY_SECONDS * 1000) {
      throw invalidValue(
        'VisibilityTimeout',
        `Total VisibilityTimeout for the message is beyond the limit [${MAX_VISIBILITY_SECONDS} seconds]`,
      );
    }
    this.#locations.remove(message);
    message.visibleAt = visibilitySeconds === 0 ? 0 : until;
    message.receiver = undefined;
    this.#host.record('update', this, message);
    if (visibilitySeconds === 0) this.#host.emit('visible', this, message);
    this.#locations.put(message);
  }

  /** Makes visible the messages that this receiver holds and for which no visibility was set since. Returns their number. */
  releaseHeldBy(receiver: string): number {
    this.#locations.release();
    const held = [...this.#messages.values()].filter(
      (message) => message.location === 'in-flight' && message.receiver === receiver,
    );
    for (const message of held) {
      this.#locations.remove(message);
      message.visibleAt = 0;
      message.receiver = undefined;
      this.#host.record('update', this, message);
      this.#host.emit('visible', this, message);
      this.#locations.put(message);
    }
    return held.length;
  }

  purge(): void {
    for (const message of this.#messages.values()) this.#drop(message);
  }

  /** Removes one ready message after `send` has sent it to another queue in the same turn. If `send` fails, the message stays. */
  moveOut(send: (message: Message) => boolean): 'moved' | 'no-destination' | 'empty' {
    this.#locations.release();
    const message = this.#locations.next();
    if (message === undefined) return 'empty';
    if (!send(message)) {
      this.#locations.put(message);
      return 'no-destination';
    }
    this.#drop(message);
    this.#host.emit('moved', this, message);
    return 'moved';
  }

  /** Exact counts (AWS's are approximate) and the enqueue time of the oldest message. */
  counts(): { visible: number; inFlight: number; delayed: number; oldestSentAt: number | undefined } {
    this.#locations.release();
    this.#expire();
    const visible = this.#locations.visible;
    const oldest = this.#messages.values().next().value;
    const delayed = this.#messages.size - visible - this.#locations.inFlight;
    return { visible, inFlight: this.#locations.inFlight, delayed, oldestSentAt: oldest?.sentAt };
  }

  /** Ends all long polls and timers. */
  close(): void {
    this.#locations.close();
    this.#receivers.close();
  }

  #take(request: ReceiveRequest): readonly Message[] {
    this.#locations.release();
    const now = this.#host.now();
    const taken: Message[] = [];
    while (taken.length < request.maxMessages && this.#locations.inFlight + taken.length < this.#host.inFlightLimit) {
      const message = this.#locations.next();
      if (message === undefined) break;
      if (this.#isExpired(message, now)) this.#dropExpired(message);
      else if (!this.#deadLetter(message)) taken.push(message);
    }
    // Only now: with a visibility timeout of 0, one batch would otherwise contain the same message several times.
    return taken.map((message) => this.#deliver(message, now, request));
  }

  #deliver(message: Message, now: number, { visibilitySeconds, receiver }: ReceiveRequest): Message {
    message.receiveCount++;
    message.receiver = receiver;
    message.generation++;
    message.firstReceivedAt ??= now;
    message.receivedAt = now;
    message.visibleAt = visibilitySeconds === 0 ? 0 : now + visibilitySeconds * 1000;
    this.#host.record('update', this, message);
    this.#host.emit('received', this, message);
    this.#locations.put(message);
    // A copy, so that the response describes this receive even if the message is received again before it is sent.
    return { ...message };
  }

  /** Moves a message that has reached `maxReceiveCount`. Returns false when the message must be delivered. */
  #deadLetter(message: Message): boolean {
    const policy = this.#settings.redrive;
    if (policy === undefined || message.receiveCount < policy.maxReceiveCount) return false;
    const target = this.#host.deadLetterQueue(this);
    if (target === undefined) return false;
    this.#messages.delete(message.seq);
    target.addDeadLetter(message, this);
    return true;
  }

  #find(receipt: Receipt): Message | undefined {
    const message = this.#messages.get(receipt.seq);
    return message?.id === receipt.id && message.generation === receipt.generation ? message : undefined;
  }

  #drop(message: Message): void {
    this.#locations.remove(message);
    this.#messages.delete(message.seq);
    this.#host.record('delete', this, message);
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
