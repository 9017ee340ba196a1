import { APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import type { ErrorResponse } from '@anthropic-ai/sdk/resources/shared';
import type { Failure } from '#core/failures/failure.ts';
import { shorten } from '#core/text/text.ts';
import type { ModelProvider } from '#core/models/provider.ts';
import { requestIdOf } from './request-id.ts';
import { requestedWaitMs } from './requested-wait.ts';
import type { Sending } from './sending.ts';

type Provider = ModelProvider['provider'];

/**
 * Maps an error of a call to a failure of the task. The reason names the remedy and never quotes prompt or answer.
 * A call is free (`notBilled`) only if its request surely did not arrive.
 */
export function failureOfCall(
  error: unknown,
  now: number,
  { mayHaveArrived }: Sending,
  provider: Provider = 'anthropic',
): Failure {
  const failure = failureOfError(error, now, provider);
  return mayHaveArrived ? failure : { ...failure, notBilled: true };
}

function failureOfError(error: unknown, now: number, provider: Provider): Failure {
  if (error instanceof APIConnectionTimeoutError) return transient('The model did not respond within the time limit.');
  if (error instanceof APIConnectionError) return transient(`The connection to the model broke: ${causeOf(error)}.`);
  if (error instanceof APIError) {
    if (error.status !== undefined) return byStatus(error, statusOfAws(error) ?? error.status, now, provider);
    // Thrown by an answer that had begun, so it has a type instead of a status, and may be billed.
    return { ...byStatus(error, statusOf(error.type), now, provider), maybeBilled: true };
  }
  // An answer that breaks off rejects with fetch's own error.
  if (isBrokenOff(error)) return transient(`The model's answer broke off: ${causeOf(error)}.`);
  return transient(`The model could not be called: ${error instanceof Error ? error.message : String(error)}`);
}

/** Maps the error of a batch entry, which is never billed, to a failure. */
export function failureOfEntry({ error, request_id }: ErrorResponse, now: number): Failure {
  const thrown = APIError.generate(statusOf(error.type) ?? 500, { error }, error.message, new Headers());
  const failure = failureOfError(thrown, now, 'anthropic');
  const reason = request_id ? failure.reason.replace(/\.$/, ` (request ${request_id}).`) : failure.reason;
  return { ...failure, reason, notBilled: true };
}

/** A body that ends early is undici's `TypeError: terminated`, or a JSON text without its end. */
const isBrokenOff = (error: unknown): error is Error =>
  error instanceof SyntaxError || (error instanceof TypeError && error.message === 'terminated');

function byStatus(error: APIError, status: number | undefined, now: number, provider: Provider): Failure {
  const wait = requestedWaitMs(error.headers, now);
  const asked = wait === undefined ? {} : { retryAfterMs: wait };
  if (status === 429)
    return { kind: 'throttled', reason: withRequestId('The model API is rate-limiting requests', error), ...asked };
  if (status === 529)
    return { kind: 'throttled', reason: withRequestId('The model API is overloaded', error), ...asked };
  if (status === undefined || status >= 500 || TRANSIENT.has(status)) {
    return { ...transient(withRequestId(`The model API failed with ${status ?? 'an error'}`, error)), ...asked };
  }
  const message = messageOf(error);
  const reason = withRequestId(rejectionReason(status, message, provider), error);
  const everyCall = status in EVERY_CALL || NO_CREDIT.test(message);
  return { kind: 'permanent', reason, ...(everyCall ? { everyCall } : {}) };
}

/** A timeout, a conflict, and at Amazon Bedrock a model that failed (`ModelErrorException`). */
const TRANSIENT: ReadonlySet<number> = new Set([408, 409, 424]);

const transient = (reason: string): Failure => ({ kind: 'transient', reason });

/** Appends the provider's request id, which its support needs. */
function withRequestId(reason: string, { headers }: APIError): string {
  const id = requestIdOf(headers);
  return `${reason}${id === undefined ? '' : ` (request ${id})`}.`;
}

/** The key, credit, permission or model is at fault, so every call would fail. */
const EVERY_CALL: Readonly<Record<number, true>> = { 401: true, 402: true, 403: true, 404: true };
const NO_CREDIT = /credit balance|billing/i;

/** Known messages of a 400, each with our wording and the remedy. */
const KNOWN: ReadonlyArray<readonly [pattern: RegExp, reason: string]> = [
  [/password/i, 'The PDF is password-protected: upload it without a password'],
  [/pdf pages|pages may be provided/i, 'The PDF has more pages than the model accepts: split it'],
  [/pdf.*not valid|could not process pdf|invalid pdf/i, 'The model could not read the PDF: it is damaged or not a PDF'],
  [
    /(prompt|input) is too long|context window/i,
    "The input is longer than the model's context window: shorten or split it",
  ],
  [NO_CREDIT, 'The Anthropic account has no credit left: add credit, then retry the failed tasks'],
];

function rejectionReason(status: number, message: string, provider: Provider): string {
  const known = KNOWN.find(([pattern]) => pattern.test(message));
  if (known) return known[1];
  const ofProvider = BY_IAM[provider]?.[status];
  if (ofProvider !== undefined) return ofProvider;
  switch (status) {
    case 401:
      return "The model API rejected the key: put a valid key into the model's secret, then retry the failed tasks";
    case 402:
      return 'The Anthropic account has no credit left: add credit, then retry the failed tasks';
    case 403:
      return 'The API key may not use this model: allow it in the Anthropic console, then retry the failed tasks';
    case 404:
      return 'The model does not exist at the model API: correct it in the model catalogue, then retry the failed tasks';
    case 413:
      return 'The request is larger than the model API accepts (32 MB): shorten or split the input';
    default:
      return `The model API rejected the request with status ${status}: ${withoutQuotes(message)}`;
  }
}

/** What to do where IAM guards the model instead of a key. */
const BY_IAM: Partial<Record<Provider, Readonly<Record<number, string>>>> = {
  bedrock: {
    401: "Amazon Bedrock rejected the signature: check the function's role and clock, then retry the failed tasks",
    403: 'The role may not invoke this model: allow bedrock:InvokeModel for it and accept its terms in the Bedrock console, then retry the failed tasks',
    404: 'The model does not exist at Amazon Bedrock in this region: correct its id in model.ids of the configuration, then retry the failed tasks',
    413: 'The request is larger than Amazon Bedrock accepts (20 MB): shorten or split the input',
  },
  'claude-platform-aws': {
    401: "Claude Platform on AWS rejected the signature: check the function's role and the workspace, then retry the failed tasks",
    403: 'The role may not use this workspace: allow aws-external-anthropic:CreateInference on it, then retry the failed tasks',
  },
};

/** Removes quoted text from a message of the API, because it may contain the customer's data. */
function withoutQuotes(message: string): string {
  const cut = message.replaceAll(/(["'`])(?:(?!\1).){24,}\1/gs, '$1…$1').replaceAll(/\s+/g, ' ');
  return shorten(cut, 200) || 'no reason given';
}

const STATUS_BY_TYPE: Readonly<Record<string, number>> = {
  rate_limit_error: 429,
  overloaded_error: 529,
  api_error: 500,
  timeout_error: 504,
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  // Exceptions in the stream of Amazon Bedrock.
  throttlingException: 429,
  serviceUnavailableException: 529,
  internalServerException: 500,
  modelStreamErrorException: 500,
  modelTimeoutException: 504,
  validationException: 400,
};

/** Amazon Bedrock says by 503 that it has no capacity, which the Claude API says by 529. */
function statusOfAws({ status, headers }: APIError): number | undefined {
  const type = headers?.get('x-amzn-errortype')?.split(':')[0];
  return status === 503 && type === 'ServiceUnavailableException' ? 529 : undefined;
}

/** The API's own words: `error.message`, or at AWS `message`. */
function messageOf({ apiMessage, error }: APIError): string {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return apiMessage ?? (typeof message === 'string' ? message : '');
}

const statusOf = (type: string | null): number | undefined => (type === null ? undefined : STATUS_BY_TYPE[type]);

function causeOf(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message.replace(/\.$/, '');
  // `fetch failed` is not informative. Its cause names the host and the error.
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}
