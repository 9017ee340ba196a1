import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { JsonFile } from '../json-file.ts';
import { ServiceError } from '../service.ts';

const Topic = z.object({ arn: z.string(), name: z.string(), attributes: z.record(z.string(), z.string()) });

const Subscription = z.object({
  arn: z.string(),
  topicArn: z.string(),
  protocol: z.enum(['email', 'sqs', 'lambda']),
  /** A mail address, or the ARN of a queue or function. */
  endpoint: z.string(),
  /** Whether a queue gets only the message, without the envelope. */
  raw: z.boolean(),
});

const State = z.object({ topics: z.array(Topic), subscriptions: z.array(Subscription) });

export type Topic = z.output<typeof Topic>;
export type Subscription = z.output<typeof Subscription>;

export interface TopicStoreOptions {
  /** Folder of `sns.json`. Without it, topics and subscriptions exist in memory only. */
  readonly dataDir?: string | undefined;
  readonly account: string;
  readonly region: string;
}

/** Topics and their subscriptions, saved on each change. */
export class TopicStore {
  readonly #file: JsonFile<typeof State>;
  readonly #arnPrefix: string;
  #topics: readonly Topic[];
  #subscriptions: readonly Subscription[];

  constructor({ dataDir, account, region }: TopicStoreOptions) {
    this.#arnPrefix = `arn:aws:sns:${region}:${account}:`;
    this.#file = new JsonFile(dataDir === undefined ? undefined : join(dataDir, 'sns.json'), State);
    const { topics, subscriptions } = this.#file.load() ?? { topics: [], subscriptions: [] };
    this.#topics = topics;
    this.#subscriptions = subscriptions;
  }

  get topics(): readonly Topic[] {
    return this.#topics;
  }

  get subscriptions(): readonly Subscription[] {
    return this.#subscriptions;
  }

  /** Throws `NotFound`. */
  topic(arn: string): Topic {
    const topic = this.#topics.find((known) => known.arn === arn);
    if (topic === undefined) throw new ServiceError('NotFound', `Topic does not exist: ${arn}`, 404);
    return topic;
  }

  of(topicArn: string): readonly Subscription[] {
    return this.#subscriptions.filter((subscription) => subscription.topicArn === topicArn);
  }

  /** Creates a topic, or adds these attributes to an existing one. */
  put(name: string, attributes: Readonly<Record<string, string>>): Topic {
    const arn = this.#arnPrefix + name;
    const before = this.#topics.find((known) => known.arn === arn)?.attributes;
    const topic = { arn, name, attributes: { ...before, ...attributes } };
    this.#set([...this.#topics.filter((known) => known.arn !== arn), topic], this.#subscriptions);
    return topic;
  }

  remove(arn: string): void {
    this.#set(
      this.#topics.filter((topic) => topic.arn !== arn),
      this.#subscriptions.filter((subscription) => subscription.topicArn !== arn),
    );
  }

  /** Subscribes an endpoint. An endpoint that is already subscribed keeps its ARN. */
  subscribe(given: Omit<Subscription, 'arn'>): Subscription {
    const isSame = (known: Subscription): boolean =>
      known.topicArn === given.topicArn && known.protocol === given.protocol && known.endpoint === given.endpoint;
    const arn = this.#subscriptions.find(isSame)?.arn ?? `${given.topicArn}:${randomUUID()}`;
    const subscription = { ...given, arn };
    this.#set(this.#topics, [...this.#subscriptions.filter((known) => !isSame(known)), subscription]);
    return subscription;
  }

  unsubscribe(arn: string): void {
    this.#set(
      this.#topics,
      this.#subscriptions.filter((subscription) => subscription.arn !== arn),
    );
  }

  #set(topics: readonly Topic[], subscriptions: readonly Subscription[]): void {
    this.#file.save({ topics: [...topics], subscriptions: [...subscriptions] });
    this.#topics = topics;
    this.#subscriptions = subscriptions;
  }
}
