import { alarm, composite } from './alarm.ts';
import { authorizer, method } from './api-gateway-method.ts';
import { apiKey, usagePlan, usagePlanKey } from './api-gateway-keys.ts';
import { apiResource, deployment, gatewayResponse, model, requestValidator, restApi, stage } from './api-gateway.ts';
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
import { configurationSet, emailIdentity } from './email.ts';
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
import { stream } from './stream.ts';
import { subscription, topic } from './topic.ts';

/** Every CloudFormation type that the local cloud supports, by name. */
const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    alarm,
    alias,
    apiKey,
    apiResource,
    authorizer,
    bucket,
    bucketNotifications,
    bucketPolicy,
    composite,
    configurationSet,
    deployment,
    emailIdentity,
    eventInvokeConfig,
    eventSourceMapping,
    gatewayResponse,
    globalTable,
    lambdaFunction,
    managedPolicy,
    method,
    model,
    permission,
    policy,
    queue,
    queuePolicy,
    requestValidator,
    restApi,
    role,
    rule,
    schedule,
    scheduleGroup,
    secret,
    secretPolicy,
    stage,
    stateMachine,
    stream,
    subscription,
    table,
    topic,
    topicPolicy,
    usagePlan,
    usagePlanKey,
    version,
    ...registeredTypes,
  ].map((type) => [type.type, type]),
);

/** Returns the type of a resource; undefined when it is not supported. */
export function resourceTypeOf(type: string, logicalId: string): ResourceType | undefined {
  return isProviderFunction(type, logicalId) ? providerFunction : resourceTypes.get(type);
}
