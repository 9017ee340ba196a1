import { randomUUID } from 'node:crypto';
import { applyAttributes, DEFAULT_SETTINGS } from './attributes.ts';
import type { QueueSettings } from './attributes.ts';
import { invalidValue, noSuchQueue } from './errors.ts';
import { SqsEvents } from './events.ts';
import { QueueLog } from './log.ts';
import type { Message, MessageContent } from './message.ts';
import { Queue } from './queue.ts';
import type { QueueHost } from './queue.ts';

export interface StoreOptions {
  /** Folder of the database file. Without it, queues exist in memory only. */
  readonly dataDir?: string | undefined;
  readonly account: string;
  readonly region: string;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** @default 120,000, as on AWS */
  readonly inFlightLimit?: number | undefined;
}

/** All queues of the account and region, in memory and on disk. */
export class QueueStore implements QueueHost {
  readonly inFlightLimit: number;
  readonly events = new SqsEvents();
  readonly now: () => number;
  readonly #log: QueueLog;
  readonly #queues = new Map<string, Queue>();
  readonly #arnPrefix: string;
  #lastSeq = 0;

  constructor(options: StoreOptions) {
    this.now = options.now ?? Date.now;
    this.inFlightLimit = options.inFlightLimit ?? 120_000;
    this.#arnPrefix = `arn:aws:sqs:${options.region}:${options.account}:`;
    this.#log = new QueueLog(options.dataDir);
    this.#load();
  }

  get all(): IterableIterator<Queue> {
    return this.#queues.values();
  }

  find(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  /** Returns the queue of a URL. Only the last part of the path, the queue's name, counts; the host is ignored. */
  byUrl(url: string): Queue {
    const queue = this.#queues.get(url.slice(url.lastIndexOf('/') + 1));
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }

  byArn(arn: string): Queue | undefined {
    return arn.startsWith(this.#arnPrefix) ? this.#queues.get(arn.slice(this.#arnPrefix.length)) : undefined;
  }

  create(name: string, attributes: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>): Queue {
    const identity = { name, arn: this.#arnPrefix + name, createdAt: this.now() };
    const queue = new Queue(this, identity, DEFAULT_SETTINGS);
    queue.settings = this.#checked(queue, applyAttributes(DEFAULT_SETTINGS, attributes));
    queue.tags = { ...tags };
    this.#queues.set(name, queue);
    this.save(queue);
    return queue;
  }

  /** Changes the given attributes. The others take their values from `from`. */
  configure(queue: Queue, attributes: Readonly<Record<string, string>>, from: QueueSettings = queue.settings): void {
    queue.settings = this.#checked(queue, applyAttributes(from, attributes));
    this.save(queue);
  }

  delete(queue: Queue): void {
    queue.purge();
    queue.close();
    this.#queues.delete(queue.name);
    this.#log.recordQueue(queue.name, undefined);
  }

  /** Records a queue's settings and tags for the disk. */
  save(queue: Queue): void {
    const { name, settings, tags, createdAt, modifiedAt } = queue;
    this.#log.recordQueue(name, { name, settings, tags: { ...tags }, createdAt, modifiedAt });
  }

  send(queue: Queue, content: MessageContent, delaySeconds: number): Message {
    const message: Message = {
      seq: ++this.#lastSeq,
      id: randomUUID(),
      content,
      sentAt: this.now(),
      visibleAt: 0,
      firstReceivedAt: undefined,
      receivedAt: 0,
      receiveCount: 0,
      generation: 0,
      receiver: undefined,
      sourceArn: undefined,
      location: 'gone',
      node: undefined,
      heapIndex: -1,
    };
    queue.add(message, delaySeconds);
    return message;
  }

  /** Resolves when all changes so far are on disk. */
  committed(): Promise<void> {
    return this.#log.committed();
  }

  async close(): Promise<void> {
    for (const queue of this.#queues.values()) queue.close();
    await this.#log.close();
  }

  record(change: 'insert' | 'update' | 'delete', queue: Queue, message: Message): void {
    this.#log.record(change, queue.name, message);
  }

  emit(type: Parameters<SqsEvents['emit']>[0], queue: Queue, message: Message): void {
    this.events.emit(type, queue.name, message);
  }

  deadLetterQueue(queue: Queue): Queue | undefined {
    return queue.settings.redrive === undefined ? undefined : this.byArn(queue.settings.redrive.deadLetterTargetArn);
  }

  /** Returns the queues whose redrive policy names this queue. */
  deadLetterSources(target: Queue): Queue[] {
    return [...this.#queues.values()].filter((queue) => this.deadLetterQueue(queue) === target);
  }

  /** Returns the settings if the redrive policy's target exists and allows this queue as a source; otherwise throws. */
  #checked(queue: Queue, settings: QueueSettings): QueueSettings {
    if (settings.redrive === undefined) return settings;
    const target = this.byArn(settings.redrive.deadLetterTargetArn);
    if (target === undefined || target.name === queue.name) {
      throw invalidValue('RedrivePolicy', 'Dead letter target does not exist.');
    }
    const allow = target.settings.redriveAllow;
    const isDenied =
      allow?.redrivePermission === 'denyAll' ||
      (allow?.redrivePermission === 'byQueue' && !allow.sourceQueueArns.includes(queue.arn));
    if (isDenied)
      throw invalidValue('RedrivePolicy', "The dead letter target's RedriveAllowPolicy does not allow this queue.");
    return settings;
  }

  #load(): void {
    for (const { name, settings, tags, createdAt, modifiedAt } of this.#log.queues()) {
      const queue = new Queue(this, { name, arn: this.#arnPrefix + name, createdAt }, settings);
      queue.tags = { ...tags };
      queue.modifiedAt = modifiedAt;
      this.#queues.set(name, queue);
    }
    for (const { queueName, message } of this.#log.messages()) {
      this.#lastSeq = Math.max(this.#lastSeq, message.seq);
      this.#queues.get(queueName)?.restore(message);
    }
  }
}
