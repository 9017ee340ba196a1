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
