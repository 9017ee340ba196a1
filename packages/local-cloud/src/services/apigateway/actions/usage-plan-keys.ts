import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import type { ApiKey } from '../keys.ts';
import { action, page, paging } from './action.ts';

const CreateInput = z.strictObject({
  usagePlanId: z.string(),
  keyId: z.string(),
  keyType: z.literal('API_KEY', 'it must be API_KEY'),
});

/** Adds a key to a plan. Throws `ConflictException` if the key is already in it or reaches one of its stages by another plan. */
export const createUsagePlanKey = action(CreateInput, ({ keys }, { usagePlanId, keyId }) => {
  const [plan, key] = [keys.plan(usagePlanId), keys.key(keyId)];
  if (plan.keyIds.includes(keyId)) {
    throw new ServiceError('ConflictException', `Usage Plan ${usagePlanId} already has the API Key ${keyId}`, 409);
  }
  for (const { apiId, stage } of plan.stages) {
    const other = keys.planOf(keyId, apiId, stage);
    if (other === undefined) continue;
    const message = `API Key ${keyId} is already in the usage plan ${other.id} for the stage ${apiId}:${stage}. A key can reach a stage through one plan only.`;
    throw new ServiceError('ConflictException', message, 409);
  }
  keys.putPlan({ ...plan, keyIds: [...plan.keyIds, keyId] });
  return shown(key);
});

const OneKey = z.strictObject({ usagePlanId: z.string(), keyId: z.string() });

export const getUsagePlanKey = action(OneKey, ({ keys }, { usagePlanId, keyId }) => {
  checkMember(keys.plan(usagePlanId).keyIds, keyId);
  return shown(keys.key(keyId));
});

export const getUsagePlanKeys = action(
  z.strictObject({ ...paging, usagePlanId: z.string(), nameQuery: z.string().default('') }),
  ({ keys }, { usagePlanId, nameQuery, ...given }) => {
    const members = keys.plan(usagePlanId).keyIds.flatMap((id) => keys.findKey(id) ?? []);
    const matching = members.filter(({ name }) => (name ?? '').startsWith(nameQuery));
    const { entries, more } = page(matching, given);
    return { item: entries.map(shown), ...more };
  },
);

export const deleteUsagePlanKey = action(OneKey, ({ keys }, { usagePlanId, keyId }) => {
  const plan = keys.plan(usagePlanId);
  checkMember(plan.keyIds, keyId);
  keys.putPlan({ ...plan, keyIds: plan.keyIds.filter((id) => id !== keyId) });
  return {};
});

function checkMember(keyIds: readonly string[], keyId: string): void {
  if (keyIds.includes(keyId)) return;
  throw new ServiceError('NotFoundException', 'Invalid API Key identifier specified', 404);
}

function shown({ id, name, value }: ApiKey): ServiceOutput {
  return { id, type: 'API_KEY', name, value };
}
