import type { OutgoingHttpHeaders } from 'node:http';
import type { ApiResponse } from './response.ts';
import type { ApiError } from './errors.ts';
import { requestTime } from './events.ts';
import { header } from './request.ts';
import type { ApiRequest } from './request.ts';

const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}';

/**
 * Builds a response of API Gateway itself: from the API's gateway response for its type, or for all of 4XX or 5XX, or as
 * AWS does by default. Templates support only simple variables, as on AWS.
 */
export function buildGatewayResponse(
  error: ApiError,
  request: ApiRequest,
  context: Readonly<Record<string, unknown>>,
): ApiResponse {
  const { type, status, errorType } = error.kind;
  const { gatewayResponses } = request.api;
  const fallback = status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  const response = gatewayResponses.get(type) ?? gatewayResponses.get(fallback);
  const variable = variablesOf(error, request, context);
  const [contentType, template] = templateFor(response?.templates ?? {}, request, error);
  const headers: OutgoingHttpHeaders = { 'content-type': contentType, 'x-amzn-errortype': errorType };
  for (const [name, value] of Object.entries(response?.headers ?? {})) {
    headers[name.toLowerCase()] = mapped(value, variable, request);
  }
  return { status: response?.status ?? status, headers, body: filled(template, variable) };
}

function templateFor(
  templates: Readonly<Record<string, string>>,
  request: ApiRequest,
  { kind }: ApiError,
): readonly [contentType: string, template: string] {
  const accepted = (header(request.headers, 'accept') ?? '').split(',').map((part) => part.split(';')[0]?.trim() ?? '');
  const type = accepted.find((each) => templates[each] !== undefined) ?? 'application/json';
  const given = templates[type] ?? Object.values(templates)[0];
  if (given !== undefined) return [templates[type] === undefined ? (Object.keys(templates)[0] ?? type) : type, given];
  // AWS writes "Message" with a capital letter for this type.
  const quirk = kind.type === 'ACCESS_DENIED' ? DEFAULT_TEMPLATE.replace('message', 'Message') : DEFAULT_TEMPLATE;
  return ['application/json', quirk];
}

type Variables = (name: string) => string;

function variablesOf({ kind }: ApiError, request: ApiRequest, more: Readonly<Record<string, unknown>>): Variables {
  const known: Readonly<Record<string, unknown>> = {
    'error.message': kind.message,
    'error.messageString': JSON.stringify(kind.message),
    'error.responseType': kind.type,
    'error.validationErrorString': '',
    apiId: request.api.id,
    accountId: request.account,
    domainName: header(request.headers, 'host'),
    extendedRequestId: request.extendedId,
    httpMethod: request.httpMethod,
    'identity.sourceIp': request.sourceIp,
    'identity.userAgent': header(request.headers, 'user-agent'),
    path: `/${request.stage.name}${request.path}`,
    protocol: request.protocol,
    requestId: request.id,
    requestTime: requestTime(request.receivedAt),
    requestTimeEpoch: request.receivedAt,
    stage: request.stage.name,
    ...more,
  };
  return (name) => {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    return typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : name === 'error.message'
        ? 'null'
        : '';
  };
}

function filled(template: string, variable: Variables): string {
  const pattern = /\$(\{?)context\.([A-Za-z]\w*(?:\.[A-Za-z][\w-]*)*)(\}?)/g;
  return template.replaceAll(pattern, (_all, open: string, name: string, close: string) =>
    open === '' ? variable(name) + close : variable(name),
  );
}

/** Resolves a header value: `'literal'`, `context.x`, `method.request.(header|querystring).x` or `stageVariables.x`. */
function mapped(value: string, variable: Variables, request: ApiRequest): string {
  const literal = /^'(.*)'$/s.exec(value)?.[1];
  if (literal !== undefined) return literal;
  const name = value.slice(value.lastIndexOf('.') + 1);
  if (value.startsWith('context.')) return variable(value.slice('context.'.length));
  if (value.startsWith('method.request.header.')) return header(request.headers, name) ?? '';
  if (value.startsWith('method.request.querystring.')) return request.query.get(name)?.at(-1) ?? '';
  return request.stage.variables[name] ?? '';
}
