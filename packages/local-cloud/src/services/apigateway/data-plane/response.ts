import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { ApiError } from './errors.ts';
import { isBinaryType } from './events.ts';
import { header } from './request.ts';
import type { ApiRequest } from './request.ts';

/** The response to the client. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format */
const ProxyResponse = z.strictObject({
  statusCode: z.coerce.number().pipe(z.int().min(200).max(599)),
  headers: z.record(z.string(), scalar.nullish()).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Headers that API Gateway sets itself. Those of a function are renamed or dropped. */
const REMAPPED = new Set([
  'authorization',
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'www-authenticate',
]);
const DROPPED = new Set(['keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Characters that Node does not send in a header value. */
const BAD_VALUE = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/** Parses the response of a proxied function. Throws `ApiError` if it is malformed. */
export function parseResponse(payload: string, request: ApiRequest): ApiResponse {
  const parsed = ProxyResponse.safeParse(json(payload));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw malformed(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = parsed.data;
  const sent = headersOf({ ...headers, ...multiValueHeaders });
  sent['content-type'] ??= 'application/json';
  const text = body ?? '';
  const decoded = isBase64Encoded === true && wantsBytes(request, String(sent['content-type']));
  return { status: statusCode, headers: sent, body: decoded ? Buffer.from(text, 'base64') : text };
}

function headersOf(given: Readonly<Record<string, string | readonly string[] | null | undefined>>) {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (value === null || value === undefined || DROPPED.has(lower)) continue;
    const values = typeof value === 'string' ? [value] : [...value];
    if (!NAME.test(name) || values.some((each) => BAD_VALUE.test(each))) {
      throw malformed(`the header ${JSON.stringify(name)} is not valid`);
    }
    const sent = REMAPPED.has(lower) ? `x-amzn-remapped-${lower}` : lower;
    headers[sent] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return headers;
}

/** Base64 is decoded if the first accepted media type, or without `Accept` the response's, is a binary one. */
function wantsBytes({ api, headers }: ApiRequest, contentType: string): boolean {
  const accepted = header(headers, 'accept')?.split(',')[0]?.trim();
  return isBinaryType(api.binaryMediaTypes, accepted ?? contentType);
}

function json(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    throw malformed('it is not valid JSON');
  }
}

function malformed(detail: string): ApiError {
  return new ApiError('malformedResponse', {
    reason: `malformed Lambda proxy response: ${detail}. A function must return {statusCode, headers, multiValueHeaders, body, isBase64Encoded} with a string as body`,
  });
}
