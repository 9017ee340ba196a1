import type { OutgoingHttpHeaders } from 'node:http';
import type { InputErrorCodes } from '../http.ts';
import { ServiceError } from '../service.ts';

export const INPUT_CODES: InputErrorCodes = { missing: 'MissingParameter', invalid: 'InvalidParameterValue' };

/** Legacy names of error codes, sent in `x-amzn-query-error` for older SDKs. Source: awsQueryError traits of the SQS model. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

export function queryErrorHeader(error: ServiceError): OutgoingHttpHeaders {
  const fault = error.status >= 500 ? 'Receiver' : 'Sender';
  return { 'x-amzn-query-error': `${QUERY_CODES[error.code] ?? error.code};${fault}` };
}

export const invalidValue = (parameter: string, reason: string): ServiceError =>
  new ServiceError(INPUT_CODES.invalid, `Value for parameter ${parameter} is invalid. Reason: ${reason}`);

export const noSuchQueue = (): ServiceError =>
  new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
