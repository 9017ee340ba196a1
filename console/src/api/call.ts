import type { z } from 'zod';
import { transport, type Transport } from '#client/transport.ts';
import type { Operation } from '#core/api/http/operation.ts';
import { keyInUse } from './session.ts';

export interface Request {
  readonly params?: Readonly<Record<string, string>>;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
}

/** The API lies on the origin of the page, so that no request leaves it. */
const API = '/api';

/** A page that polls asks again by itself. */
const READ = transport({ url: API, key: '', attempts: 2, fetch: withSession });
const WRITE = transport({ url: API, key: '', attempts: 4, fetch: withSession });

/** Without a key, the cookie of the page counts. */
function withSession(url: string | URL | globalThis.Request, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const key = keyInUse();
  if (key === null) headers.delete('authorization');
  else headers.set('authorization', `Bearer ${key}`);
  return fetch(url, { ...init, headers, credentials: 'same-origin', cache: 'no-store' });
}

/** Calls an operation and parses its answer. Throws `FleetError`, or an `Error` if the answer has another form. */
export async function call<Schema extends z.ZodType>(
  operation: Operation,
  schema: Schema,
  { params = {}, ...rest }: Request = {},
): Promise<z.output<Schema>> {
  const { method, path } = operation;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const send: Transport = method === 'GET' ? READ : WRITE;
  const { body } = await send<unknown>({ method, path: filled, ...rest });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') || 'not JSON';
  throw new Error(
    `Unexpected response of ${path} (${where}). Reload the page: the fleet may have been deployed since.`,
  );
}
