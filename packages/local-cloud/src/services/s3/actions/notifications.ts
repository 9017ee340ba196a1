import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { CallService, ServiceInput } from '../../service.ts';
import { invalidArgument } from '../errors.ts';
import { describeRules, NotificationConfigurationSchema, readRules } from '../notifications/configuration.ts';
import type { NotificationRule } from '../notifications/configuration.ts';
import { testMessage } from '../notifications/event.ts';
import { deliver } from '../notifications/outbox.ts';
import { operation, readDocument } from './operation.ts';
import type { Operation } from './operation.ts';
import { BUCKET_HEADERS, BucketInput } from './shapes.ts';

const PutInput = z.strictObject({
  ...BucketInput,
  NotificationConfiguration: NotificationConfigurationSchema,
  SkipDestinationValidation: z.stringbool().or(z.boolean()).default(false),
});

/**
 * Sets a bucket's notifications. Each new queue or topic gets AWS's `s3:TestEvent`. If one cannot be reached, the whole
 * configuration is rejected.
 */
export function putBucketNotificationConfiguration(call: CallService): Operation {
  return operation(
    PutInput,
    {
      method: 'PUT',
      on: 'bucket',
      marks: ['notification'],
      headers: { ...BUCKET_HEADERS, 'x-amz-skip-destination-validation': 'SkipDestinationValidation' },
      body: { root: 'NotificationConfiguration', read: readConfiguration },
    },
    async ({ store }, input) => {
      const { notifications } = store.bucket(input.Bucket);
      const rules = readRules(input.NotificationConfiguration);
      const added = rules.filter((rule) => !notifications.some((known) => isDeepStrictEqual(known, rule)));
      if (!input.SkipDestinationValidation) {
        for (const rule of added) await test(call, rule, input.Bucket, testMessage(input.Bucket, store.now()));
      }
      store.saveBucket({ ...store.bucket(input.Bucket), notifications: rules });
      return {};
    },
  );
}

/** Functions do not get a test event on AWS either. */
async function test(call: CallService, rule: NotificationRule, bucket: string, message: string): Promise<void> {
  if (rule.target === 'lambda') return;
  try {
    await deliver(call, rule, bucket, message);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidArgument(`Unable to validate the following destination configurations: ${rule.arn}. ${reason}`);
  }
}

export const getBucketNotificationConfiguration = operation(
  z.strictObject(BucketInput),
  {
    method: 'GET',
    on: 'bucket',
    marks: ['notification'],
    headers: BUCKET_HEADERS,
    xml: (output) => ({ root: 'NotificationConfiguration', content: describeXml(output) as never }),
  },
  ({ store }, { Bucket }) => describeRules(store.bucket(Bucket).notifications),
);

/** The names in S3's XML that differ from the SDK's names. */
const KINDS = [
  { xml: 'TopicConfiguration', sdk: 'TopicConfigurations', arnXml: 'Topic', arn: 'TopicArn' },
  { xml: 'QueueConfiguration', sdk: 'QueueConfigurations', arnXml: 'Queue', arn: 'QueueArn' },
  {
    xml: 'CloudFunctionConfiguration',
    sdk: 'LambdaFunctionConfigurations',
    arnXml: 'CloudFunction',
    arn: 'LambdaFunctionArn',
  },
] as const;

type Described = ReturnType<typeof describeRules>;

function describeXml(output: ServiceInput): ServiceInput {
  const content: Record<string, unknown> = {};
  for (const { xml, sdk, arnXml, arn } of KINDS) {
    const rules = (output as Described)[sdk];
    content[xml] = rules?.map(({ Id, Events, Filter, ...rest }) => ({
      Id,
      [arnXml]: (rest as Record<string, unknown>)[arn],
      Event: Events,
      Filter: Filter && { S3Key: { FilterRule: Filter.Key.FilterRules } },
    }));
  }
  return content;
}

const many = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(schema));

const RuleDocument = z.looseObject({
  Id: z.string().optional(),
  Event: many(z.string()),
  Filter: z
    .object({ S3Key: z.object({ FilterRule: many(z.unknown()) }).optional() })
    .or(z.literal(''))
    .optional(),
});

function readConfiguration(document: unknown): ServiceInput {
  const configuration: Record<string, unknown> = { ...readDocument(z.record(z.string(), z.unknown()), document) };
  for (const { xml, sdk, arnXml, arn } of KINDS) {
    const rules = readDocument(many(RuleDocument), configuration[xml]);
    Reflect.deleteProperty(configuration, xml);
    configuration[sdk] = rules.map((rule) => readRule(rule, arnXml, arn));
  }
  // The schema rejects the remaining names, e.g. EventBridgeConfiguration.
  return { NotificationConfiguration: configuration };
}

function readRule({ Id, Event, Filter, ...rest }: z.output<typeof RuleDocument>, arnXml: string, arn: string) {
  const rules = Filter === '' ? [] : (Filter?.S3Key?.FilterRule ?? []);
  return {
    ...(Id !== undefined && { Id }),
    [arn]: rest[arnXml],
    Events: Event,
    Filter: { Key: { FilterRules: rules } },
  };
}
