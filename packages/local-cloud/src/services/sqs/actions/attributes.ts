import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { describeSettings } from '../attributes.ts';
import type { Queue } from '../queue.ts';
import { action } from './action.ts';

const SetInput = z.strictObject({ QueueUrl: z.string(), Attributes: z.record(z.string(), z.string()) });

export const setQueueAttributes = action(SetInput, ({ store }, { QueueUrl, Attributes }) => {
  store.configure(store.byUrl(QueueUrl), Attributes);
  return {};
});

const GetInput = z.strictObject({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).default([]) });

/** Attributes that exist on a queue only once they are set. Requesting them before is valid. */
const OPTIONAL = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
]);

export const getQueueAttributes = action(GetInput, ({ store }, { QueueUrl, AttributeNames }) => {
  const all = describe(store.byUrl(QueueUrl));
  if (AttributeNames.includes('All')) return { Attributes: all };
  const found: Record<string, string> = {};
  for (const name of AttributeNames) {
    const value = all[name];
    if (value !== undefined) found[name] = value;
    else if (!OPTIONAL.has(name)) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
  return Object.keys(found).length === 0 ? {} : { Attributes: found };
});

function describe(queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts();
  return {
    ...describeSettings(queue.settings),
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}
