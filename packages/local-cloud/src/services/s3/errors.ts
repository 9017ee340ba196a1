import type { InputErrorCodes } from '../http.ts';
import { ServiceError } from '../service.ts';

export const INPUT_CODES: InputErrorCodes = { missing: 'MissingParameter', invalid: 'InvalidArgument' };

export const noSuchBucket = (name: string): ServiceError =>
  new ServiceError('NoSuchBucket', `The specified bucket ${name} does not exist.`, 404);

export const noSuchKey = (key: string): ServiceError =>
  new ServiceError('NoSuchKey', `The specified key ${key} does not exist.`, 404);

export const noSuchUpload = (): ServiceError =>
  new ServiceError('NoSuchUpload', 'The specified upload does not exist. It may have been aborted or completed.', 404);

export const preconditionFailed = (condition: string): ServiceError =>
  new ServiceError(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${condition}.`,
    412,
  );

export const notImplemented = (what: string): ServiceError =>
  new ServiceError('NotImplemented', `The local S3 does not support ${what}. Remove it.`, 501);

export const invalidArgument = (message: string): ServiceError => new ServiceError('InvalidArgument', message);

const MAX_KEY_BYTES = 1024;

/** Throws for a key that no object can have. */
export function checkKey(key: string): void {
  if (key === '') throw new ServiceError('UserKeyMustBeSpecified', 'The key of an object must not be empty.');
  const size = Buffer.byteLength(key);
  if (size <= MAX_KEY_BYTES) return;
  throw new ServiceError(
    'KeyTooLongError',
    `Your key is too long: ${size} bytes. At most ${MAX_KEY_BYTES} are allowed.`,
  );
}
