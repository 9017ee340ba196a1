import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { DAY_MS, hasValue } from '../store.ts';
import type { Secret, SecretStore } from '../store.ts';
import { action, seconds } from './action.ts';
import { ValueInput, valueOf } from './values.ts';

const CreateInput = z.strictObject({
  ...ValueInput,
  Name: z.string().regex(/^[\w/+=.@-]{1,512}$/, 'it must have 1 to 512 letters, digits and /_+=.@-'),
  Description: z.string().max(2048).optional(),
  KmsKeyId: z.string().optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
});

function create(allowExisting: boolean) {
  return action(CreateInput, (store, input) => {
    const found = store.find(input.Name);
    const existing = found?.name === input.Name ? found : undefined;
    if (existing !== undefined && !allowExisting) {
      throw new ServiceError(
        'ResourceExistsException',
        `The operation failed because the secret ${input.Name} already exists.`,
      );
    }
    const fields = { description: input.Description, kmsKeyId: input.KmsKeyId, tags: input.Tags };
    const secret =
      existing === undefined ? store.add({ name: input.Name, ...fields }) : Object.assign(existing, fields);
    delete secret.deletion;
    const value = valueOf(input);
    const version =
      value !== undefined && !secret.versions.some(hasValue)
        ? store.addVersion(secret, value, input.ClientRequestToken)
        : undefined;
    store.save();
    return { ARN: secret.arn, Name: secret.name, ...(version && { VersionId: version.id }) };
  });
}

export const createSecret = create(false);

/** Creates a secret, or updates an existing one's description, key and tags. An existing secret keeps its ARN and value. */
export const provisionSecret = create(true);

const UpdateInput = z.strictObject({
  ...ValueInput,
  SecretId: z.string(),
  Description: z.string().max(2048).optional(),
  KmsKeyId: z.string().optional(),
});

export const updateSecret = action(UpdateInput, (store, input) => {
  const secret = store.get(input.SecretId);
  const value = valueOf(input);
  const version = value && store.addVersion(secret, value, input.ClientRequestToken);
  secret.description = input.Description ?? secret.description;
  secret.kmsKeyId = input.KmsKeyId ?? secret.kmsKeyId;
  secret.changedAt = store.now();
  store.save();
  return { ARN: secret.arn, Name: secret.name, ...(version && { VersionId: version.id }) };
});

const OneSecret = z.strictObject({ SecretId: z.string() });

export const describeSecret = action(OneSecret, (store, { SecretId }) => {
  const secret = store.find(SecretId) ?? store.get(SecretId);
  const stages = secret.versions.map(({ id, stages }) => [id, stages]);
  return { ...describe(secret), VersionIdsToStages: Object.fromEntries(stages) };
});

function describe(secret: Secret): ServiceOutput {
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: seconds(secret.createdAt),
    LastChangedDate: seconds(secret.changedAt),
    Tags: secret.tags,
    ...(secret.description !== undefined && { Description: secret.description }),
    ...(secret.kmsKeyId !== undefined && { KmsKeyId: secret.kmsKeyId }),
    ...(secret.deletion && { DeletedDate: seconds(secret.deletion.at) }),
  };
}

const ListInput = z.strictObject({
  MaxResults: z.int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
  IncludePlannedDeletion: z.boolean().default(false),
  Filters: z.array(z.strictObject({ Key: z.literal('name'), Values: z.array(z.string()).min(1) })).default([]),
});

/** Lists secrets by name. `NextToken` is the last name of the previous page. */
export const listSecrets = action(ListInput, (store, input) => {
  const matching = store.all.filter(
    ({ name, deletion }) =>
      (input.IncludePlannedDeletion || deletion === undefined) &&
      (input.NextToken === undefined || name > input.NextToken) &&
      input.Filters.every(({ Values }) => Values.some((prefix) => name.startsWith(prefix))),
  );
  const page = matching.slice(0, input.MaxResults);
  const last = page.at(-1);
  const SecretList = page.map((secret) => ({
    ...describe(secret),
    SecretVersionsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
  }));
  return { SecretList, ...(matching.length > page.length && last && { NextToken: last.name }) };
});

const DeleteInput = z.strictObject({
  SecretId: z.string(),
  RecoveryWindowInDays: z.int().min(7).max(30).optional(),
  ForceDeleteWithoutRecovery: z.boolean().default(false),
});

/** Marks a secret for deletion after the recovery window (30 days by default), or deletes it immediately. */
export const deleteSecret = action(DeleteInput, (store, input) => {
  if (input.ForceDeleteWithoutRecovery && input.RecoveryWindowInDays !== undefined) {
    throw new ServiceError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (input.ForceDeleteWithoutRecovery) return deleteNow(store, input.SecretId);
  const secret = store.get(input.SecretId);
  const at = store.now();
  const until = at + (input.RecoveryWindowInDays ?? 30) * DAY_MS;
  secret.deletion = { at, until };
  store.save();
  return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(until) };
});

/** "If you forcibly delete an already deleted or nonexistent secret, the operation does not return ResourceNotFoundException" (API reference). */
function deleteNow(store: SecretStore, id: string): ServiceOutput {
  const DeletionDate = seconds(store.now());
  const secret = store.find(id);
  if (secret === undefined) return { ...unknownSecret(store, id), DeletionDate };
  store.remove(secret);
  store.save();
  return { ARN: secret.arn, Name: secret.name, DeletionDate };
}

/** Returned of a secret that does not exist: an ARN with random characters for a name, the rest of the ARN for an ARN. */
function unknownSecret(store: SecretStore, id: string): { readonly ARN: string; readonly Name: string } {
  const [, named] = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id) ?? [];
  return named === undefined ? { ARN: store.arnFor(id), Name: id } : { ARN: id, Name: named };
}

export const restoreSecret = action(OneSecret, (store, { SecretId }) => {
  const secret = store.find(SecretId) ?? store.get(SecretId);
  delete secret.deletion;
  store.save();
  return { ARN: secret.arn, Name: secret.name };
});
