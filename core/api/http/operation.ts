import { z } from 'zod';
import type { Caller, Scope } from './caller.ts';
import type { ProblemKind } from './problem.ts';

type Schema = z.ZodType;

/** One operation of the API. Validation, types and the OpenAPI document are all derived from it. */
export interface Operation<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path, with parameters in braces: `/tasks/{id}`. */
  readonly path: string;
  /** The scope that the key must have. Null when no key is required. */
  readonly scope: Scope | null;
  readonly summary: string;
  readonly description?: string;
  readonly params: Params;
  readonly query: Query;
  /** Null for a request without a body. */
  readonly body: Body | null;
  /** Whether the operation accepts an `Idempotency-Key`. @default false */
  readonly idempotent?: boolean;
  /** Whether the body may name an uploaded input (POST /uploads) instead of containing it. @default false */
  readonly takesUploads?: boolean;
  /** Status and schema of the success response. A null schema means no body. */
  readonly answer: { readonly status: 200 | 202 | 204; readonly schema: Schema | null; readonly description: string };
  /** Problems in addition to those that any operation can return. */
  readonly problems?: readonly ProblemKind[];
}

/** A validated request. */
export interface ApiRequest<Op extends Operation> {
  readonly caller: Caller;
  readonly params: z.output<Op['params']>;
  readonly query: z.output<Op['query']>;
  readonly body: [NonNullable<Op['body']>] extends [never] ? undefined : z.output<NonNullable<Op['body']>>;
  readonly idempotencyKey: string | undefined;
  /** Milliseconds left in the invocation. */
  timeLeftMs(): number;
}

/** The body of a success response, and any additional headers. */
export interface ApiAnswer {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handle<Op extends Operation> = (request: ApiRequest<Op>) => Promise<ApiAnswer>;

/** No parameters. */
export const nothing = z.strictObject({});

/** Defines an operation with its exact types. Parts that are left out accept nothing. */
export function operation<
  Params extends Schema = typeof nothing,
  Query extends Schema = typeof nothing,
  Body extends Schema = never,
>(
  definition: Omit<Operation<Params, Query, Body>, 'params' | 'query' | 'body'> & {
    params?: Params;
    query?: Query;
    body?: Body;
  },
): Operation<Params, Query, Body> {
  // These defaults match the defaults of the type parameters.
  return { params: nothing, query: nothing, body: null, ...definition } as unknown as Operation<Params, Query, Body>;
}
