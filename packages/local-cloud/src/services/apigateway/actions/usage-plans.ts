import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import type { UsagePlan } from '../keys.ts';
import { action, page, paging, patches, unsupportedPatch } from './action.ts';
import type { Patch } from './action.ts';
import { randomId } from './api-keys.ts';

const throttle = z.strictObject({ rateLimit: z.number().optional(), burstLimit: z.int().optional() });
const period = z.enum(['DAY', 'WEEK', 'MONTH']);
const quota = z.strictObject({
  limit: z.int().min(0),
  period,
  offset: z.literal(0, 'the local cloud supports only the offset 0').optional(),
});
const apiStage = z.strictObject({
  apiId: z.string(),
  stage: z.string(),
  throttle: z.record(z.string(), throttle).default({}),
});

const CreateInput = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  apiStages: z.array(apiStage).default([]),
  throttle: throttle.optional(),
  quota: quota.optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

export const createUsagePlan = action(CreateInput, ({ keys, apis }, { name, description, ...given }) => {
  for (const { apiId, stage } of given.apiStages) {
    if (apis.find(apiId)?.stages.has(stage) !== true) throw noStage(apiId, stage);
  }
  const stages = given.apiStages.map(({ throttle, ...reached }) => ({
    ...reached,
    throttle: Object.fromEntries(Object.entries(throttle).map(([method, limit]) => [method, limitOf(limit)])),
  }));
  const plan: UsagePlan = { id: randomId().slice(0, 6), name, description, stages, keyIds: [] };
  if (given.throttle !== undefined) plan.throttle = limitOf(given.throttle);
  if (given.quota !== undefined) plan.quota = { limit: given.quota.limit, period: given.quota.period };
  return shown(keys.putPlan(plan));
});

export const getUsagePlan = action(z.strictObject({ usagePlanId: z.string() }), ({ keys }, { usagePlanId }) =>
  shown(keys.plan(usagePlanId)),
);

export const getUsagePlans = action(
  z.strictObject({ ...paging, keyId: z.string().optional() }),
  ({ keys }, { keyId, ...given }) => {
    const matching = keys.plans.filter(({ keyIds }) => keyId === undefined || keyIds.includes(keyId));
    const { entries, more } = page(matching, given);
    return { item: entries.map(shown), ...more };
  },
);

export const updateUsagePlan = action(
  z.strictObject({ usagePlanId: z.string(), patchOperations: patches }),
  ({ keys }, { usagePlanId, patchOperations }) =>
    shown(keys.putPlan(patchOperations.reduce(patched, keys.plan(usagePlanId)))),
);

export const deleteUsagePlan = action(z.strictObject({ usagePlanId: z.string() }), ({ keys }, { usagePlanId }) => {
  keys.deletePlan(usagePlanId);
  return {};
});

const SUPPORTED = 'the local cloud supports changing /name, /description, /throttle/…, /quota/… and /apiStages';

function patched(plan: UsagePlan, patch: Patch): UsagePlan {
  const { op, path, value = '' } = patch;
  if (path === '/apiStages' && op !== 'replace') return withStages(plan, op, value);
  if (op === 'remove' && path === '/throttle') return { ...plan, throttle: undefined };
  if (op === 'remove' && path === '/quota') return { ...plan, quota: undefined };
  if (op === 'remove') throw unsupportedPatch(patch, SUPPORTED);
  if (path === '/name' || path === '/description') return { ...plan, [path.slice(1)]: value };
  if (path === '/throttle/rateLimit') return { ...plan, throttle: { ...plan.throttle, rate: number(value, path) } };
  if (path === '/throttle/burstLimit') return { ...plan, throttle: { ...plan.throttle, burst: number(value, path) } };
  if (path === '/quota/limit') {
    return { ...plan, quota: { period: plan.quota?.period ?? 'DAY', limit: number(value, path) } };
  }
  if (path === '/quota/period') {
    const given = period.safeParse(value);
    if (given.success) return { ...plan, quota: { limit: plan.quota?.limit ?? 0, period: given.data } };
    throw new ServiceError('BadRequestException', `Invalid value ${value} for ${path}. It must be DAY, WEEK or MONTH.`);
  }
  throw unsupportedPatch(patch, SUPPORTED);
}

function withStages(plan: UsagePlan, op: string, value: string): UsagePlan {
  const [apiId = '', stage = ''] = value.split(':');
  const others = plan.stages.filter((given) => given.apiId !== apiId || given.stage !== stage);
  if (op === 'remove') return { ...plan, stages: others };
  return { ...plan, stages: [...others, { apiId, stage, throttle: {} }] };
}

function number(value: string, path: string): number {
  const given = Number(value);
  if (value.trim() !== '' && Number.isFinite(given) && given >= 0) return given;
  throw new ServiceError('BadRequestException', `Invalid value ${value} for ${path}. It must be a number.`);
}

function limitOf({ rateLimit, burstLimit }: z.output<typeof throttle>) {
  return { rate: rateLimit, burst: burstLimit };
}

function noStage(apiId: string, stage: string): ServiceError {
  return new ServiceError('NotFoundException', `API Stage not found: ${apiId}:${stage}`, 404);
}

function shown({ id, name, description, stages, throttle, quota }: UsagePlan): ServiceOutput {
  const limit = (given: UsagePlan['throttle']) => ({ rateLimit: given?.rate, burstLimit: given?.burst });
  return {
    id,
    name,
    description,
    apiStages: stages.map((given) => ({
      apiId: given.apiId,
      stage: given.stage,
      throttle: Object.fromEntries(Object.entries(given.throttle).map(([method, each]) => [method, limit(each)])),
    })),
    ...(throttle !== undefined && { throttle: limit(throttle) }),
    ...(quota !== undefined && { quota: { ...quota, offset: 0 } }),
  };
}
