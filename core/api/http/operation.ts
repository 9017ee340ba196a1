import { z } from 'zod';
import type { Caller, Scope } from './caller.ts';
import type { ProblemKind } from './problem.ts';

type Schema = z.ZodType;

/** One operation of the API: what it takes and gives. Validation, types and the OpenAPI document all come from it. */
export interface Operation<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With parameters in braces: `/tasks/{id}`. */
  readonly path: string;
  /** What a key must have; null for an operation without a key. */
  readonly scope: Scope | null;
  readonly summary: string;
  readonly description?: string;
  readonly params: Params;
  readonly query: Query;
  /** Null where there is none. */
  readonly body: Body | null;
  /** Whether it takes an `Idempotency-Key`. @default false */
  readonly idempotent?: boolean;
  /** Status and schema of the good answer; a null schema is an answer without a body. */
  readonly answer: { readonly status: 200 | 202 | 204; readonly schema: Schema | null; readonly description: string };
  /** Beside those that any operation may have. */
  readonly problems?: readonly ProblemKind[];
}

/** A request that fits its operation. */
export interface ApiRequest<Op extends Operation> {
  readonly caller: Caller;
  readonly params: z.output<Op['params']>;
  readonly query: z.output<Op['query']>;
  readonly body: [NonNullable<Op['body']>] extends [never] ? undefined : z.output<NonNullable<Op['body']>>;
  readonly idempotencyKey: string | undefined;
  /** Milliseconds the invocation has left. */
  timeLeftMs(): number;
}

/** The body of a good answer, and headers beside the usual ones. */
export interface ApiAnswer {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handle<Op extends Operation> = (request: ApiRequest<Op>) => Promise<ApiAnswer>;

/** Takes nothing. */
export const nothing = z.strictObject({});

/** A definition with its exact types, and nothing where it says nothing. */
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
  // The defaults are what the type parameters default to.
  return { params: nothing, query: nothing, body: null, ...definition } as unknown as Operation<Params, Query, Body>;
}
