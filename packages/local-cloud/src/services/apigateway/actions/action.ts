import { z } from 'zod';
import { parseInput } from '../../http.ts';
import { ServiceError } from '../../service.ts';
import type { ServiceInput, ServiceOutput } from '../../service.ts';
import type { Apis } from '../apis.ts';
import type { KeyStore } from '../keys.ts';

/** The context of every operation. */
export interface ApiGatewayContext {
  readonly apis: Apis;
  readonly keys: KeyStore;
  readonly now: () => number;
}

export type ApiGatewayAction = (context: ApiGatewayContext, input: ServiceInput) => ServiceOutput;

const CODES = { missing: 'BadRequestException', invalid: 'BadRequestException' };

export function action<S extends z.ZodType>(
  schema: S,
  run: (context: ApiGatewayContext, input: z.output<S>) => ServiceOutput,
): ApiGatewayAction {
  return (context, input) => run(context, parseInput(schema, input, CODES));
}

/** Maximum and default page size. Source: https://docs.aws.amazon.com/apigateway/latest/api/API_GetApiKeys.html */
export const paging = {
  position: z.string().optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(25),
};

/** Returns one page of a list. `position` is the id of the last entry of the previous page. */
export function page<T extends { readonly id: string }>(
  all: readonly T[],
  { position, limit }: { readonly position?: string | undefined; readonly limit: number },
): { readonly entries: readonly T[]; readonly more: { position?: string } } {
  const from = position === undefined ? 0 : all.findIndex(({ id }) => id === position) + 1;
  if (position !== undefined && from === 0) throw new ServiceError('BadRequestException', 'Invalid position specified');
  const entries = all.slice(from, from + limit);
  const last = entries.at(-1);
  return { entries, more: last !== undefined && from + limit < all.length ? { position: last.id } : {} };
}

/** The operations of a PATCH. */
export const patches = z
  .array(
    z.strictObject({
      op: z.enum(['add', 'remove', 'replace']),
      path: z.string(),
      value: z.string().optional(),
      from: z.string().optional(),
    }),
  )
  .default([]);
export type Patch = z.output<typeof patches>[number];

export function unsupportedPatch({ op, path }: Patch, supported: string): ServiceError {
  return new ServiceError('BadRequestException', `Invalid patch operation ${op} on path ${path}: ${supported}.`);
}
