import { z } from 'zod';
import { ServiceError } from '../../service.ts';

/** One rule: the target for certain events of certain keys. */
export interface NotificationRule {
  readonly id: string;
  readonly target: 'sqs' | 'sns' | 'lambda';
  readonly arn: string;
  /** With the `s3:` prefix, e.g. `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

export type NotificationConfiguration = readonly NotificationRule[];

/** The events that this S3 sends. A configuration with any other event is rejected, because the event would never be sent. */
const EVENTS = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
] as const;

const FilterRule = z.strictObject({
  Name: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['prefix', 'suffix'])),
  Value: z.string().max(1024).default(''),
});

const rule = {
  Id: z.string().max(255).optional(),
  Events: z.array(z.enum(EVENTS)).min(1),
  Filter: z
    .strictObject({ Key: z.strictObject({ FilterRules: z.array(FilterRule).default([]) }).optional() })
    .optional(),
};

/** `NotificationConfiguration` in the SDK's shape. */
export const NotificationConfigurationSchema = z.strictObject({
  QueueConfigurations: z
    .array(z.strictObject({ QueueArn: z.string().startsWith('arn:aws:sqs:'), ...rule }))
    .default([]),
  TopicConfigurations: z
    .array(z.strictObject({ TopicArn: z.string().startsWith('arn:aws:sns:'), ...rule }))
    .default([]),
  LambdaFunctionConfigurations: z
    .array(z.strictObject({ LambdaFunctionArn: z.string().startsWith('arn:aws:lambda:'), ...rule }))
    .default([]),
});

type Given = z.output<typeof NotificationConfigurationSchema>;
type GivenRule = Pick<Given['QueueConfigurations'][number], 'Id' | 'Events' | 'Filter'>;

/** Returns the rules of a configuration. Throws `InvalidArgument` if two of them overlap, as AWS does. */
export function readRules(given: Given): NotificationConfiguration {
  const rules = [
    ...given.QueueConfigurations.map((entry) => readRule(entry, 'sqs', entry.QueueArn)),
    ...given.TopicConfigurations.map((entry) => readRule(entry, 'sns', entry.TopicArn)),
    ...given.LambdaFunctionConfigurations.map((entry) => readRule(entry, 'lambda', entry.LambdaFunctionArn)),
  ];
  for (const [index, left] of rules.entries()) {
    if (rules.slice(index + 1).some((right) => overlap(left, right))) {
      throw new ServiceError(
        'InvalidArgument',
        'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
      );
    }
  }
  return rules;
}

function readRule(given: GivenRule, target: NotificationRule['target'], arn: string): NotificationRule {
  const filters = given.Filter?.Key?.FilterRules ?? [];
  const value = (name: string): string => filters.find((filter) => filter.Name === name)?.Value ?? '';
  const prefix = value('prefix');
  const suffix = value('suffix');
  // AWS generates a random id if there is none. This one is the same on each deployment, so nothing seems to have changed.
  const id =
    given.Id ??
    Buffer.from([target, arn, prefix, suffix, ...given.Events].join('|'))
      .toString('base64url')
      .slice(0, 255);
  return { id, target, arn, events: given.Events, prefix, suffix };
}

function overlap(left: NotificationRule, right: NotificationRule): boolean {
  return (
    left.events.some((one) => right.events.some((other) => covers(one, other) || covers(other, one))) &&
    (left.prefix.startsWith(right.prefix) || right.prefix.startsWith(left.prefix)) &&
    (left.suffix.endsWith(right.suffix) || right.suffix.endsWith(left.suffix))
  );
}

function covers(pattern: string, event: string): boolean {
  return pattern === event || (pattern.endsWith('*') && event.startsWith(pattern.slice(0, -1)));
}

/** Returns whether a rule matches an event (with its `s3:` prefix) of a key. */
export function matchesRule(rule: NotificationRule, event: string, key: string): boolean {
  return (
    key.startsWith(rule.prefix) && key.endsWith(rule.suffix) && rule.events.some((pattern) => covers(pattern, event))
  );
}

/** Returns a configuration in the form of `GetBucketNotificationConfiguration`. */
export function describeRules(rules: NotificationConfiguration) {
  const of = (target: NotificationRule['target'], arnName: string) => {
    const described = rules.filter((rule) => rule.target === target).map((rule) => describeRule(rule, arnName));
    return described.length === 0 ? undefined : described;
  };
  return {
    TopicConfigurations: of('sns', 'TopicArn'),
    QueueConfigurations: of('sqs', 'QueueArn'),
    LambdaFunctionConfigurations: of('lambda', 'LambdaFunctionArn'),
  };
}

function describeRule({ id, arn, events, prefix, suffix }: NotificationRule, arnName: string) {
  const FilterRules = [
    ...(prefix === '' ? [] : [{ Name: 'Prefix', Value: prefix }]),
    ...(suffix === '' ? [] : [{ Name: 'Suffix', Value: suffix }]),
  ];
  return {
    Id: id,
    [arnName]: arn,
    Events: [...events],
    Filter: FilterRules.length === 0 ? undefined : { Key: { FilterRules } },
  };
}
