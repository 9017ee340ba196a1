import { z } from 'zod';
import { generateValue } from '../services/apigateway/actions/api-keys.ts';
import { generateId } from '../services/apigateway/apis.ts';
import { apiOf } from './api-gateway.ts';
import { cfnBoolean, cfnNumber, ignored, resourceType } from './resource.ts';

const throttle = z
  .strictObject({ RateLimit: cfnNumber.optional(), BurstLimit: cfnNumber.optional() })
  .transform(({ RateLimit, BurstLimit }) => ({ rate: RateLimit, burst: BurstLimit }));

/** An API key keeps its generated value across starts, and is deleted once the template no longer has it. */
export const apiKey = resourceType(
  'AWS::ApiGateway::ApiKey',
  z.strictObject({
    Name: z.string().optional(),
    Description: z.string().optional(),
    CustomerId: z.string().optional(),
    Enabled: cfnBoolean.default(false),
    Value: z.string().min(20).max(128).optional(),
    GenerateDistinctId: ignored,
    /** Usage plans replaced it: it has no effect on AWS either. */
    StageKeys: ignored,
    Tags: ignored,
  }),
  (given, context) => {
    const { keys } = context.host.apiGateway;
    const id = generateId(context.where, 10);
    const before = keys.findKey(id);
    keys.putKey({
      id,
      name: given.Name ?? context.physicalName(128),
      description: given.Description,
      customerId: given.CustomerId,
      value: given.Value ?? before?.value ?? generateValue(),
      enabled: given.Enabled,
      createdAt: before?.createdAt ?? Date.now(),
      changedAt: Date.now(),
      tags: {},
    });
    return { ref: id, attributes: { APIKeyId: id } };
  },
  async (id, { host: { apiGateway } }) => {
    if (apiGateway.keys.findKey(id) !== undefined) apiGateway.keys.deleteKey(id);
  },
);

const quota = z.strictObject({
  Limit: cfnNumber,
  Period: z.enum(['DAY', 'WEEK', 'MONTH']),
  Offset: cfnNumber.pipe(z.literal(0, 'only offset 0 is supported')).optional(),
});

/** Keys added at run time stay in the plan. */
export const usagePlan = resourceType(
  'AWS::ApiGateway::UsagePlan',
  z.strictObject({
    UsagePlanName: z.string().optional(),
    Description: z.string().optional(),
    ApiStages: z
      .array(
        z.strictObject({
          ApiId: z.string(),
          Stage: z.string(),
          Throttle: z.record(z.string(), throttle).default({}),
        }),
      )
      .default([]),
    Throttle: throttle.optional(),
    Quota: quota.optional(),
    Tags: ignored,
  }),
  (given, context) => {
    const { keys } = context.host.apiGateway;
    const id = generateId(context.where, 6);
    for (const { ApiId } of given.ApiStages) apiOf(ApiId, context);
    keys.putPlan({
      id,
      name: given.UsagePlanName ?? context.physicalName(128),
      description: given.Description,
      stages: given.ApiStages.map(({ ApiId, Stage, Throttle }) => ({ apiId: ApiId, stage: Stage, throttle: Throttle })),
      throttle: given.Throttle,
      quota: given.Quota === undefined ? undefined : { limit: given.Quota.Limit, period: given.Quota.Period },
      keyIds: keys.findPlan(id)?.keyIds ?? [],
    });
    return { ref: id, attributes: { Id: id } };
  },
  async (id, { host: { apiGateway } }) => {
    if (apiGateway.keys.findPlan(id) !== undefined) apiGateway.keys.deletePlan(id);
  },
);

export const usagePlanKey = resourceType(
  'AWS::ApiGateway::UsagePlanKey',
  z.strictObject({ UsagePlanId: z.string(), KeyId: z.string(), KeyType: z.literal('API_KEY') }),
  ({ UsagePlanId, KeyId }, context) => {
    const { keys } = context.host.apiGateway;
    const plan = keys.plan(UsagePlanId);
    keys.key(KeyId);
    if (!plan.keyIds.includes(KeyId)) keys.putPlan({ ...plan, keyIds: [...plan.keyIds, KeyId] });
    const ref = `${KeyId}:${UsagePlanId}`;
    return { ref, attributes: { Id: ref } };
  },
  async (ref, { host: { apiGateway } }) => {
    const [keyId = '', planId = ''] = ref.split(':');
    const plan = apiGateway.keys.findPlan(planId);
    if (plan === undefined) return;
    apiGateway.keys.putPlan({ ...plan, keyIds: plan.keyIds.filter((id) => id !== keyId) });
  },
);
