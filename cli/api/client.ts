import type { z } from 'zod';
import { FleetError } from '#client/fleet-error.ts';
import { transport, type Transport } from '#client/transport.ts';
import type { Operation } from '#core/api/http/operation.ts';
import { UserError } from '../user-error.ts';
import { rejected } from './rejected.ts';
import type { Target } from './target.ts';

export interface Request {
  readonly params?: Readonly<Record<string, string>>;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  /** How to repeat the command after no response or an error of the fleet, as a sentence. @default in general words */
  readonly again?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A response, and when to ask again if the API says so. */
export interface Answered<Body> {
  readonly body: Body;
  readonly retryAfterMs: number | undefined;
}

/** Calls operations of the task API, with the client's retries. Responses are parsed by their schemas. */
export class ApiClient {
  readonly #send: Transport;
  readonly #url: string;

  constructor({ url, key }: Pick<Target, 'url' | 'key'>) {
    // A person at a terminal wants to know within seconds that the API does not respond.
    this.#send = transport({ url, key, attempts: 5 });
    this.#url = url;
  }

  /** Returns the parsed body. Throws `UserError` for an error response, and when the API does not respond. */
  async call<Schema extends z.ZodType>(operation: Operation, schema: Schema, request: Request = {}) {
    return (await this.answered(operation, schema, request)).body;
  }

  /** Like `call`, and also returns when to ask again. */
  async answered<Schema extends z.ZodType>(
    operation: Operation,
    schema: Schema,
    request: Request = {},
  ): Promise<Answered<z.output<Schema>>> {
    const { body, retryAfterMs } = await this.#request(operation, request);
    const parsed = schema.safeParse(body);
    if (parsed.success) return { body: parsed.data, retryAfterMs };
    throw new UserError(
      `Unexpected response of ${operation.path} at ${this.#url} (${parsed.error.issues[0]?.path.join('.') || 'not JSON'}).`,
      'Check the URL, and that this checkout has the version that is deployed there.',
    );
  }

  /** Sends a request whose response has no body. */
  async send(operation: Operation, request: Request = {}): Promise<void> {
    await this.#request(operation, request);
  }

  async #request({ method, path }: Operation, { params = {}, again, ...rest }: Request) {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    try {
      return await this.#send<unknown>({ method, path: filled, ...rest });
    } catch (error) {
      throw error instanceof FleetError ? rejected(error, { url: this.#url, path, again }) : error;
    }
  }
}
