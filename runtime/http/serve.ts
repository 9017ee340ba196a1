import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { z } from 'zod';
import { callerFrom, requireScope, type Caller } from '#core/api/http/caller.ts';
import type { ApiRequest, Handle, Operation } from '#core/api/http/operation.ts';
import { operations, type Operations } from '#core/api/operations.ts';
import { ApiProblem, invalid, TASK_API_DOCUMENT } from '#core/api/http/problem.ts';
import { problemOf } from '#core/api/http/problem-of.ts';
import { logger } from '../observability/telemetry.ts';
import { traced } from '../observability/traced.ts';
import { readJsonBody } from './body.ts';
import { requestSpan } from './request-span.ts';

/** The operations of the task API that a function serves, each with its handler. */
export type Handlers = HandlersOf<Operations>;
/** The same of a system's own operations. */
export type HandlersOf<Registry> = {
  readonly [Id in keyof Registry]?: Registry[Id] extends Operation ? Handle<Registry[Id]> : never;
};
type Registry = Readonly<Record<string, Operation>>;

const NO_STORE = { 'cache-control': 'no-store' };

/** Creates the Lambda handler for a part of the task API. */
export const serve = (name: string, handlers: Handlers) => serveOperations(name, operations, handlers);

/**
 * Creates the Lambda handler for operations. It finds the operation by its route, checks the key, validates the
 * request, and returns errors as problems. A rejected request never reaches the operation.
 * @param document what describes the operations: errors point to it
 */
export function serveOperations<Own extends Registry>(
  name: string,
  registry: Own,
  handlers: HandlersOf<Own>,
  document: string = TASK_API_DOCUMENT,
) {
  const served = new Map<string, Served>(
    Object.entries<Handle<Operation> | undefined>(handlers as Readonly<Record<string, Handle<Operation>>>).flatMap(
      ([id, handle]) => {
        const operation = registry[id];
        if (operation === undefined || handle === undefined) return [];
        return [[`${operation.method} ${operation.path}`, { operation, handle, document }] as const];
      },
    ),
  );
  return traced(name, async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const found = served.get(`${event.httpMethod} ${event.resource}`);
    return requestSpan(event, async () => {
      try {
        if (found === undefined)
          throw new ApiProblem(
            'not-found',
            `${event.httpMethod} ${event.path} does not exist. See ${document} for all operations.`,
          );
        return await answer(found, event, context);
      } catch (error) {
        return problemResponse(error, event);
      }
    });
  });
}

/** The registry pairs each operation with its handler; the pair's types are the same by construction. */
interface Served {
  readonly operation: Operation;
  readonly handle: Handle<Operation>;
  readonly document: string;
}

async function answer(
  { handle, ...served }: Served,
  event: APIGatewayProxyEvent,
  context: Context,
): Promise<APIGatewayProxyResult> {
  const request = requestOf(served, event, context);
  const { body, headers } = await handle(request);
  const { status, schema } = served.operation.answer;
  const type: Record<string, string> = schema === null ? {} : { 'content-type': 'application/json' };
  return {
    statusCode: status,
    headers: { ...type, ...NO_STORE, ...headers },
    body: schema === null ? '' : JSON.stringify(body),
  };
}

/** The caller of operations without a key. */
const NOBODY: Caller = { tenant: 'nobody', keyId: 'none', scopes: [], agents: [] };

function requestOf(
  { operation, document }: Omit<Served, 'handle'>,
  event: APIGatewayProxyEvent,
  context: Context,
): ApiRequest<Operation> {
  const { scope, params, query, body, takesUploads } = operation;
  const parse = (schema: z.ZodType, value: unknown, where: 'body' | 'query' | 'path'): unknown => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw invalid(parsed.error, where, 'invalid-request', document);
  };
  const caller = scope === null ? NOBODY : callerFrom(event.requestContext.authorizer);
  logger.appendKeys({ tenant: caller.tenant, keyId: caller.keyId });
  if (scope !== null) requireScope(caller, scope);
  return {
    caller,
    params: parse(params, decoded(event.pathParameters ?? {}), 'path'),
    query: parse(query, event.queryStringParameters ?? {}, 'query'),
    body: body === null ? undefined : parse(body, readJsonBody(event, takesUploads), 'body'),
    idempotencyKey: operation.idempotent === true ? idempotencyKey(event) : undefined,
    timeLeftMs: () => context.getRemainingTimeInMillis(),
  };
}

/** Decodes path parameters, which API Gateway passes as they are in the URL. */
function decoded(params: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(params).map(([name, value = '']) => {
    try {
      return [name, decodeURIComponent(value)];
    } catch {
      return [name, value];
    }
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

const MAX_KEY_LENGTH = 256;

function idempotencyKey({ headers }: APIGatewayProxyEvent): string | undefined {
  const key = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'idempotency-key')?.[1];
  if (key === undefined) return undefined;
  if (key.trim() !== '' && key.length <= MAX_KEY_LENGTH) return key;
  throw new ApiProblem('invalid-request', 'Idempotency-Key: must be 1 to 256 characters.', [
    { field: 'Idempotency-Key', message: 'must be 1 to 256 characters', remedy: 'Send a UUID, for example.' },
  ]);
}

const FAILED = 'An internal error occurred. Try again, with the same Idempotency-Key if the operation accepts one.';

/** Logs an error and returns it as a problem. */
export function problemResponse(error: unknown, event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const problem = problemOf(error, FAILED);
  if (problem.kind === 'failed') logger.error('request.failed', { error: error as Error });
  else logger.info('request.refused', { kind: problem.kind, fields: problem.errors.map(({ field }) => field) });
  const retry: Record<string, string> =
    problem.retryAfter === undefined ? {} : { 'retry-after': String(problem.retryAfter) };
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', ...NO_STORE, ...retry },
    body: JSON.stringify(problem.toProblem(event.requestContext.requestId)),
  };
}
