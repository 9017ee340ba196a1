import { bucket, bucketNotifications } from './bucket.ts';
import {
  bucketPolicy,
  managedPolicy,
  permission,
  policy,
  queuePolicy,
  role,
  secretPolicy,
  topicPolicy,
} from './iam.ts';
import { isProviderFunction, providerFunction } from './cdk-providers.ts';
import { lambdaFunction } from './lambda-function.ts';
import { eventSourceMapping } from './lambda-mapping.ts';
import { alias, eventInvokeConfig, version } from './lambda-qualifiers.ts';
import { queue } from './queue.ts';
import { registeredTypes } from './registered.ts';
import type { ResourceType } from './resource.ts';
import { rule, schedule, scheduleGroup } from './schedule.ts';
import { secret } from './secret.ts';
import { stateMachine } from './state-machine.ts';
import { globalTable, table } from './table.ts';
import { subscription, topic } from './topic.ts';

/** Every CloudFormation type that the local cloud knows, by name. */
const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    alias,
    bucket,
    bucketNotifications,
    bucketPolicy,
    eventInvokeConfig,
    eventSourceMapping,
    globalTable,
    lambdaFunction,
    managedPolicy,
    permission,
    policy,
    queue,
    queuePolicy,
    role,
    rule,
    schedule,
    scheduleGroup,
    secret,
    secretPolicy,
    stateMachine,
    subscription,
    table,
    topic,
    topicPolicy,
    version,
    ...registeredTypes,
  ].map((type) => [type.type, type]),
);

/** How to provision a resource; undefined for a type that the local cloud does not know. */
export function resourceTypeOf(type: string, logicalId: string): ResourceType | undefined {
  return isProviderFunction(type, logicalId) ? providerFunction : resourceTypes.get(type);
}
