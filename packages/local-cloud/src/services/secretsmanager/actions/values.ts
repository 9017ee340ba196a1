import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { CURRENT } from '../store.ts';
import type { Value } from '../store.ts';
import { action, seconds } from './action.ts';

/** Maximum value size: 64 KiB. */
const MAX_VALUE_BYTES = 65_536;

const text = z
  .string()
  .refine((value) => Buffer.byteLength(value) <= MAX_VALUE_BYTES, `a value can have at most ${MAX_VALUE_BYTES} bytes`);

export const ValueInput = {
  SecretString: text.optional(),
  SecretBinary: z
    .base64()
    .or(z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes).toString('base64')))
    .optional(),
  ClientRequestToken: z.string().min(32).max(64).optional(),
};

/** Returns the value of an input, or undefined if it has none. Throws if it has both kinds. */
export function valueOf(input: {
  SecretString?: string | undefined;
  SecretBinary?: string | undefined;
}): Value | undefined {
  const { SecretString: string, SecretBinary: binary } = input;
  if (string !== undefined && binary !== undefined) {
    throw new ServiceError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value.",
    );
  }
  if (string !== undefined) return { string };
  return binary === undefined ? undefined : { binary };
}

const GetInput = z.strictObject({
  SecretId: z.string(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});

export const getSecretValue = action(GetInput, (store, input) => {
  const secret = store.get(input.SecretId);
  const stage = input.VersionStage ?? (input.VersionId === undefined ? CURRENT : undefined);
  const version = secret.versions.find(
    ({ id, stages }) => (input.VersionId ?? id) === id && (stage === undefined || stages.includes(stage)),
  );
  if (version === undefined) {
    const requested = stage === undefined ? `VersionId: ${input.VersionId}` : `staging label: ${stage}`;
    throw new ServiceError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${requested}`,
    );
  }
  const string = store.sealed(secret) ?? version.string;
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: version.stages,
    CreatedDate: seconds(version.createdAt),
    ...(string !== undefined && { SecretString: string }),
    ...(version.binary !== undefined && { SecretBinary: version.binary }),
  };
});

const PutInput = z.strictObject({
  ...ValueInput,
  SecretId: z.string(),
  VersionStages: z.array(z.string()).min(1).max(20).optional(),
});

export const putSecretValue = action(PutInput, (store, input) => {
  const secret = store.get(input.SecretId);
  const value = valueOf(input);
  if (value === undefined) {
    throw new ServiceError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
  }
  const version = store.addVersion(secret, value, input.ClientRequestToken, input.VersionStages);
  store.save();
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
});
