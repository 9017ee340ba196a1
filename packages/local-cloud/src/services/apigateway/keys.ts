import { join } from 'node:path';
import { z } from 'zod';
import { JsonFile } from '../json-file.ts';
import { ServiceError } from '../service.ts';

const Throttle = z.object({ rate: z.number().optional(), burst: z.number().optional() });

const ApiKey = z.object({
  id: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  customerId: z.string().optional(),
  value: z.string(),
  enabled: z.boolean(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  changedAt: z.number(),
  tags: z.record(z.string(), z.string()).default({}),
});

const UsagePlan = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  stages: z.array(
    z.object({
      apiId: z.string(),
      stage: z.string(),
      /** Keyed by `<path>/<METHOD>`, e.g. `/tasks/GET`. */
      throttle: z.record(z.string(), Throttle).default({}),
    }),
  ),
  throttle: Throttle.optional(),
  quota: z.object({ limit: z.number(), period: z.enum(['DAY', 'WEEK', 'MONTH']) }).optional(),
  keyIds: z.array(z.string()),
});

const State = z.object({
  keys: z.array(ApiKey),
  plans: z.array(UsagePlan),
  /** Requests counted in the current periods of the quotas, by `<plan>/<key>`, as of the last shutdown. */
  used: z.record(z.string(), z.object({ period: z.string(), count: z.number() })).default({}),
});

export type ApiKey = z.output<typeof ApiKey>;
export type UsagePlan = z.output<typeof UsagePlan>;

/**
 * API keys and usage plans, in one file of mode 0600, saved on each change.
 *
 * 1. No two keys have the same value.
 * 2. A deleted key is in no plan.
 * 3. A key reaches a stage through one plan only: the first plan that has both.
 */
export class KeyStore {
  readonly #file: JsonFile<typeof State>;
  readonly #keys: Map<string, ApiKey>;
  readonly #plans: Map<string, UsagePlan>;
  readonly #byValue = new Map<string, ApiKey>();
  readonly #used: Map<string, { period: string; count: number }>;
  #counted = false;

  constructor(dataDir: string | undefined) {
    this.#file = new JsonFile(dataDir === undefined ? undefined : join(dataDir, 'keys.json'), State);
    const { keys, plans, used } = this.#file.load() ?? { keys: [], plans: [], used: {} };
    this.#keys = new Map(keys.map((key) => [key.id, key]));
    this.#plans = new Map(plans.map((plan) => [plan.id, plan]));
    this.#used = new Map(Object.entries(used));
    for (const key of keys) this.#byValue.set(key.value, key);
  }

  get keys(): readonly ApiKey[] {
    return [...this.#keys.values()];
  }

  get plans(): readonly UsagePlan[] {
    return [...this.#plans.values()];
  }

  /** Throws `NotFoundException`. */
  key(id: string): ApiKey {
    const key = this.#keys.get(id);
    if (key === undefined) throw new ServiceError('NotFoundException', 'Invalid API Key identifier specified', 404);
    return key;
  }

  keyOfValue(value: string): ApiKey | undefined {
    return this.#byValue.get(value);
  }

  findKey(id: string): ApiKey | undefined {
    return this.#keys.get(id);
  }

  /** Throws `ConflictException` if another key has the same value. */
  putKey(key: ApiKey): ApiKey {
    const other = this.#byValue.get(key.value);
    if (other !== undefined && other.id !== key.id) {
      throw new ServiceError('ConflictException', 'API Key already exists', 409);
    }
    const before = this.#keys.get(key.id);
    if (before !== undefined) this.#byValue.delete(before.value);
    this.#keys.set(key.id, key);
    this.#byValue.set(key.value, key);
    this.#save();
    return key;
  }

  deleteKey(id: string): void {
    this.#byValue.delete(this.key(id).value);
    this.#keys.delete(id);
    for (const plan of this.plans) {
      if (!plan.keyIds.includes(id)) continue;
      this.#plans.set(plan.id, { ...plan, keyIds: plan.keyIds.filter((keyId) => keyId !== id) });
    }
    this.#save();
  }

  /** Throws `NotFoundException`. */
  plan(id: string): UsagePlan {
    const plan = this.#plans.get(id);
    if (plan === undefined) throw new ServiceError('NotFoundException', 'Invalid Usage Plan ID specified', 404);
    return plan;
  }

  findPlan(id: string): UsagePlan | undefined {
    return this.#plans.get(id);
  }

  putPlan(plan: UsagePlan): UsagePlan {
    this.#plans.set(plan.id, plan);
    this.#save();
    return plan;
  }

  deletePlan(id: string): void {
    this.plan(id);
    this.#plans.delete(id);
    this.#save();
  }

  /** Returns the plan through which a key reaches a stage. */
  planOf(keyId: string, apiId: string, stage: string): UsagePlan | undefined {
    for (const plan of this.#plans.values()) {
      const reaches = plan.stages.some((given) => given.apiId === apiId && given.stage === stage);
      if (reaches && plan.keyIds.includes(keyId)) return plan;
    }
    return undefined;
  }

  /** Counts one request in a period. Returns false, without counting it, if the limit is reached. */
  countRequest(planId: string, keyId: string, period: string, limit: number): boolean {
    const name = `${planId}/${keyId}`;
    const known = this.#used.get(name);
    const count = known?.period === period ? known.count : 0;
    if (count >= limit) return false;
    this.#used.set(name, { period, count: count + 1 });
    this.#counted = true;
    return true;
  }

  /** Saves the counts of the quotas, which are not saved on each request. */
  saveCounts(): void {
    if (this.#counted) this.#save();
  }

  #save(): void {
    this.#file.save({ keys: [...this.keys], plans: [...this.plans], used: Object.fromEntries(this.#used) });
  }
}
