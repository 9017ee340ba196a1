import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../service.ts';
import type { ServiceInput } from '../service.ts';

interface Pattern {
  readonly method: string;
  /** Parts in braces become input fields of that name. */
  readonly path: string;
  readonly action: string;
  readonly status: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html */
const PATTERNS: readonly Pattern[] = [
  { method: 'GET', path: '/restapis', action: 'GetRestApis', status: 200 },
  { method: 'GET', path: '/restapis/{restApiId}', action: 'GetRestApi', status: 200 },
  { method: 'GET', path: '/restapis/{restApiId}/stages', action: 'GetStages', status: 200 },
  { method: 'POST', path: '/apikeys', action: 'CreateApiKey', status: 201 },
  { method: 'GET', path: '/apikeys', action: 'GetApiKeys', status: 200 },
  { method: 'GET', path: '/apikeys/{apiKey}', action: 'GetApiKey', status: 200 },
  { method: 'PATCH', path: '/apikeys/{apiKey}', action: 'UpdateApiKey', status: 200 },
  { method: 'DELETE', path: '/apikeys/{apiKey}', action: 'DeleteApiKey', status: 202 },
  { method: 'POST', path: '/usageplans', action: 'CreateUsagePlan', status: 201 },
  { method: 'GET', path: '/usageplans', action: 'GetUsagePlans', status: 200 },
  { method: 'GET', path: '/usageplans/{usagePlanId}', action: 'GetUsagePlan', status: 200 },
  { method: 'PATCH', path: '/usageplans/{usagePlanId}', action: 'UpdateUsagePlan', status: 200 },
  { method: 'DELETE', path: '/usageplans/{usagePlanId}', action: 'DeleteUsagePlan', status: 202 },
  { method: 'POST', path: '/usageplans/{usagePlanId}/keys', action: 'CreateUsagePlanKey', status: 201 },
  { method: 'GET', path: '/usageplans/{usagePlanId}/keys', action: 'GetUsagePlanKeys', status: 200 },
  { method: 'GET', path: '/usageplans/{usagePlanId}/keys/{keyId}', action: 'GetUsagePlanKey', status: 200 },
  { method: 'DELETE', path: '/usageplans/{usagePlanId}/keys/{keyId}', action: 'DeleteUsagePlanKey', status: 202 },
];

/** Query parameters whose input field has a different name. */
const QUERY: Readonly<Record<string, string>> = { name: 'nameQuery' };

interface Operation {
  readonly action: string;
  readonly input: ServiceInput;
  readonly status: number;
}

/** Parses a request of API Gateway's REST protocol. Throws `NotFoundException` for an unsupported operation. */
export function requestOf(request: IncomingMessage, body: Buffer): Operation {
  const url = new URL(request.url ?? '/', 'http://apigateway');
  const parts = url.pathname.split('/').map(decodeURIComponent);
  for (const { method, path, action, status } of PATTERNS) {
    const named = request.method === method ? match(path.split('/'), parts) : undefined;
    if (named === undefined) continue;
    const query = [...url.searchParams].map(([name, value]) => [QUERY[name] ?? name, value] as const);
    return { action, status, input: { ...Object.fromEntries(query), ...json(body), ...named } };
  }
  const message = `The local API Gateway does not support the operation ${request.method} ${url.pathname} (see its SPECIFICATION.md).`;
  throw new ServiceError('NotFoundException', message, 404);
}

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const named: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (expected.startsWith('{') && part !== '') named[expected.slice(1, -1)] = part;
    else if (expected !== part) return undefined;
  }
  return named;
}

function json(body: Buffer): ServiceInput {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as ServiceInput;
  } catch {
    throw new ServiceError('BadRequestException', 'Invalid JSON in the request body.');
  }
}
