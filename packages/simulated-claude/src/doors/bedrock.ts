import { ApiError, invalidRequest, type ApiErrorType } from '../api-error.ts';
import { parseJson } from '../request-body.ts';
import type { AwsKey } from '../options.ts';
import type { Door, Incoming } from './door.ts';
import { eventStreamMessage } from './event-stream.ts';
import { verifySignature } from './sigv4.ts';

/** Source: Amazon Bedrock, "Anthropic Claude Messages API", request and response. */
const MAX_BODY_BYTES = 20_000_000;
const VERSION = 'bedrock-2023-05-31';

const PATH = /^\/model\/([^/]+)\/(invoke|invoke-with-response-stream|count-tokens)$/;

/** Whether a path belongs to Amazon Bedrock's runtime. */
export const isBedrock = (pathname: string): boolean => PATH.test(pathname);

/** Amazon Bedrock: InvokeModel, InvokeModelWithResponseStream and CountTokens, signed for the service `bedrock`. */
export function bedrockDoor(pathname: string, keys: readonly AwsKey[]): Door {
  const [, encodedId = '', action = ''] = PATH.exec(pathname) ?? [];
  return {
    maxBytes: MAX_BODY_BYTES,
    requestIdHeader: 'x-amzn-requestid',
    streamType: 'application/vnd.amazon.eventstream',
    enter(incoming) {
      const caller = verifySignature(incoming, 'bedrock', keys);
      if (incoming.request.method !== 'POST') throw new ApiError('not_found_error', 'Only POST is supported.');
      const model = modelOf(decodeURIComponent(encodedId));
      if (action !== 'count-tokens') {
        const stream = action === 'invoke' ? {} : { stream: true };
        const body = Buffer.from(JSON.stringify({ ...requestOf(incoming.body), ...stream, model }));
        return { operation: 'POST /v1/messages', body, caller };
      }
      const { max_tokens: _, ...prompt } = requestOf(countedBody(incoming));
      const body = Buffer.from(JSON.stringify({ ...prompt, model }));
      return { operation: 'POST /v1/messages/count_tokens', body, caller };
    },
    // No limits are reported.
    headers: () => ({}),
    frame: (event) =>
      eventStreamMessage(
        { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' },
        { bytes: Buffer.from(JSON.stringify(event)).toString('base64') },
      ),
    counted: (tokens) => ({ inputTokens: tokens }),
    error: ({ type, status, message }) => {
      const [code, exception] = EXCEPTIONS[type] ?? [status, 'InternalServerException'];
      return { status: code, type: exception, body: { message } };
    },
  };
}

/** Sources: the errors of InvokeModel, and "Common errors" of the Bedrock API reference. */
const EXCEPTIONS: Partial<Record<ApiErrorType, readonly [status: number, exception: string]>> = {
  invalid_request_error: [400, 'ValidationException'],
  request_too_large: [413, 'RequestEntityTooLargeException'],
  permission_error: [403, 'AccessDeniedException'],
  not_found_error: [404, 'ResourceNotFoundException'],
  rate_limit_error: [429, 'ThrottlingException'],
  api_error: [500, 'InternalServerException'],
  overloaded_error: [503, 'ServiceUnavailableException'],
};

/** `global.anthropic.claude-haiku-5-5` and `anthropic.claude-haiku-5-5-v1:0` are `claude-haiku-5-5`. */
function modelOf(id: string): string {
  const name = /^(?:[a-z-]+\.)?anthropic\.(claude-[a-z0-9-]+?)(?:-v\d+(?::\d+)?)?$/.exec(id)?.[1];
  if (name === undefined) throw invalidRequest('modelId', 'The provided model identifier is invalid.');
  return name;
}

type Fields = Readonly<Record<string, unknown>>;

/** The request without its version. Bedrock takes the model and whether it streams from the path. */
function requestOf(body: Buffer): Fields {
  const { anthropic_version, ...request } = fieldsOf(parseJson(body), 'body');
  if (anthropic_version !== VERSION)
    throw invalidRequest(
      'anthropic_version',
      `Input should be '${VERSION}', but is ${JSON.stringify(anthropic_version)}`,
    );
  // Automatic caching is a feature of Anthropic's own API.
  for (const extra of ['model', 'stream', 'cache_control'])
    if (extra in request) throw invalidRequest(extra, 'Extra inputs are not permitted');
  return request;
}

function countedBody({ body }: Incoming): Buffer {
  const { input } = fieldsOf(parseJson(body), 'body');
  const { invokeModel } = fieldsOf(input, 'input');
  const { body: inner } = fieldsOf(invokeModel, 'input.invokeModel');
  if (typeof inner !== 'string') throw invalidRequest('input.invokeModel.body', 'must be base64');
  return Buffer.from(inner, 'base64');
}

function fieldsOf(value: unknown, field: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw invalidRequest(field, 'must be an object');
}
