import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../service.ts';
import type { ServiceInput } from '../service.ts';

interface Operation {
  readonly action: string;
  readonly input: ServiceInput;
}

interface Pattern {
  readonly method: string;
  readonly path: RegExp;
  readonly action: string;
  /** The input field for the path parameter. */
  readonly parameter?: string;
}

const FUNCTION = String.raw`^/2015-03-31/functions/([^/]+)`;
const MAPPINGS = String.raw`^/2015-03-31/event-source-mappings`;
const PATTERNS: readonly Pattern[] = [
  { method: 'POST', path: new RegExp(`${FUNCTION}/invocations$`), action: 'Invoke', parameter: 'FunctionName' },
  { method: 'GET', path: /^\/2015-03-31\/functions\/?$/, action: 'ListFunctions' },
  { method: 'GET', path: new RegExp(`${FUNCTION}$`), action: 'GetFunction', parameter: 'FunctionName' },
  {
    method: 'GET',
    path: new RegExp(`${FUNCTION}/configuration$`),
    action: 'GetFunctionConfiguration',
    parameter: 'FunctionName',
  },
  { method: 'GET', path: new RegExp(`${MAPPINGS}/?$`), action: 'ListEventSourceMappings' },
  { method: 'GET', path: new RegExp(`${MAPPINGS}/([^/]+)$`), action: 'GetEventSourceMapping', parameter: 'UUID' },
  { method: 'PUT', path: new RegExp(`${MAPPINGS}/([^/]+)$`), action: 'UpdateEventSourceMapping', parameter: 'UUID' },
];

/** Parses a request of Lambda's REST protocol. Throws `UnknownOperationException` for an unsupported operation. */
export function requestOf(request: IncomingMessage, body: Buffer): Operation {
  const url = new URL(request.url ?? '/', 'http://lambda');
  for (const { method, path, action, parameter } of PATTERNS) {
    const match = request.method === method ? path.exec(url.pathname) : null;
    if (match === null) continue;
    const named = parameter === undefined ? {} : { [parameter]: decodeURIComponent(match[1] ?? '') };
    const query = Object.fromEntries(url.searchParams);
    if (action === 'Invoke') return { action, input: { ...query, ...named, ...invocation(request, body) } };
    return { action, input: { ...query, ...json(body), ...named } };
  }
  const message = `The local Lambda does not support the operation ${request.method} ${url.pathname} (see its SPECIFICATION.md).`;
  throw new ServiceError('UnknownOperationException', message, 404);
}

function invocation({ headers }: IncomingMessage, body: Buffer): ServiceInput {
  const InvocationType = headers['x-amz-invocation-type'];
  const LogType = headers['x-amz-log-type'];
  const ClientContext = headers['x-amz-client-context'];
  return {
    Payload: body,
    ...(InvocationType !== undefined && { InvocationType }),
    ...(LogType !== undefined && { LogType }),
    ...(ClientContext !== undefined && { ClientContext }),
  };
}

function json(body: Buffer): ServiceInput {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as ServiceInput;
  } catch {
    throw new ServiceError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}
