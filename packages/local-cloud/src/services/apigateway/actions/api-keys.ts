import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import type { ApiKey } from '../keys.ts';
import { action, page, paging, patches, unsupportedPatch } from './action.ts';
import type { Patch } from './action.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const value = z.string().min(20, 'API Key value should be at least 20 characters').max(128);
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const CreateInput = z.strictObject({
  name: z.string().max(1024).optional(),
  description: z.string().optional(),
  enabled: flag.default(false),
  value: value.optional(),
  customerId: z.string().optional(),
  tags: z.record(z.string(), z.string()).default({}),
  generateDistinctId: flag.optional(),
});

export const createApiKey = action(CreateInput, ({ keys, now }, { generateDistinctId: _own, ...given }) => {
  const at = now();
  const key = { ...given, value: given.value ?? generateValue(), id: randomId(), createdAt: at, changedAt: at };
  return shown(keys.putKey(key), true);
});

export const getApiKey = action(
  z.strictObject({ apiKey: z.string(), includeValue: flag.default(false) }),
  ({ keys }, { apiKey, includeValue }) => shown(keys.key(apiKey), includeValue),
);

const ListInput = z.strictObject({
  ...paging,
  /** Prefix of the keys' names. */
  nameQuery: z.string().default(''),
  customerId: z.string().optional(),
  includeValues: flag.default(false),
});

export const getApiKeys = action(ListInput, ({ keys }, { nameQuery, customerId, includeValues, ...given }) => {
  const matching = keys.keys.filter(
    (key) => (key.name ?? '').startsWith(nameQuery) && (customerId === undefined || key.customerId === customerId),
  );
  const { entries, more } = page(matching, given);
  return { item: entries.map((key) => shown(key, includeValues)), ...more };
});

export const updateApiKey = action(
  z.strictObject({ apiKey: z.string(), patchOperations: patches }),
  ({ keys, now }, { apiKey, patchOperations }) => {
    const changed = patchOperations.reduce(patched, keys.key(apiKey));
    return shown(keys.putKey({ ...changed, changedAt: now() }), false);
  },
);

export const deleteApiKey = action(z.strictObject({ apiKey: z.string() }), ({ keys }, { apiKey }) => {
  keys.deleteKey(apiKey);
  return {};
});

function patched(key: ApiKey, patch: Patch): ApiKey {
  const field = /^\/(enabled|name|description|customerId)$/.exec(patch.path)?.[1];
  if (field === undefined || patch.op !== 'replace' || patch.value === undefined) {
    throw unsupportedPatch(patch, 'the local cloud supports replacing /enabled, /name, /description and /customerId');
  }
  if (field !== 'enabled') return { ...key, [field]: patch.value };
  if (!/^(true|false)$/i.test(patch.value)) {
    throw new ServiceError(
      'BadRequestException',
      `Invalid value ${patch.value} for /enabled. It must be true or false.`,
    );
  }
  return { ...key, enabled: patch.value.toLowerCase() === 'true' };
}

export function shown(key: ApiKey, withValue: boolean): ServiceOutput {
  const { id, name, description, customerId, enabled, tags, createdAt, changedAt } = key;
  return {
    id,
    ...(withValue && { value: key.value }),
    name,
    description,
    customerId,
    enabled,
    createdDate: Math.floor(createdAt / 1000),
    lastUpdatedDate: Math.floor(changedAt / 1000),
    stageKeys: [],
    tags,
  };
}

/** Generates a value of 40 letters and digits, as on AWS. */
export function generateValue(): string {
  return BigInt(`0x${randomBytes(40).toString('hex')}`)
    .toString(36)
    .padStart(40, '0')
    .slice(0, 40);
}

export function randomId(): string {
  return BigInt(`0x${randomBytes(10).toString('hex')}`)
    .toString(36)
    .padStart(10, '0')
    .slice(0, 10);
}
