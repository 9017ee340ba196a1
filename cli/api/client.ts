import type { z } from 'zod';
import { FleetError } from '#client/fleet-error.ts';
import { transport, type Transport } from '#client/transport.ts';
import type { Operation } from '#core/api/http/operation.ts';
import { UserError } from '../user-error.ts';
import { refused } from './refused.ts';
import type { Target } from './target.ts';

export interface Request {
  readonly params?: Readonly<Record<string, string>>;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
}

/** The answer, and when to ask again where the API said so. */
export interface Answered<Body> {
  readonly body: Body;
  readonly retryAfterMs: number | undefined;
}

/** The task API by its operations, on the client's transport: with its retries, and answers parsed by their schemas. */
export class ApiClient {
  readonly #send: Transport;
  readonly #url: string;

  constructor({ url, key }: Pick<Target, 'url' | 'key'>) {
    // A person at a terminal rather hears within seconds that nobody answers.
    this.#send = transport({ url, key, attempts: 5 });
    this.#url = url;
  }

  /** The parsed answer. Throws `UserError` for a refusal, and when nobody answers. */
  async call<Schema extends z.ZodType>(operation: Operation, schema: Schema, request: Request = {}) {
    return (await this.answered(operation, schema, request)).body;
  }

  /** The same, with when to ask again. */
  async answered<Schema extends z.ZodType>(
    operation: Operation,
    schema: Schema,
    request: Request = {},
  ): Promise<Answered<z.output<Schema>>> {
    const { body, retryAfterMs } = await this.#request(operation, request);
    const parsed = schema.safeParse(body);
    if (parsed.success) return { body: parsed.data, retryAfterMs };
    throw new UserError(
      `${this.#url} answers ${operation.path} in another form (${parsed.error.issues[0]?.path.join('.') || 'no JSON'}).`,
      'Check the URL, and that this checkout is of the version that is deployed there.',
    );
  }

  /** A request that is answered without a body. */
  async send(operation: Operation, request: Request = {}): Promise<void> {
    await this.#request(operation, request);
  }

  async #request({ method, path }: Operation, { params = {}, ...rest }: Request) {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    try {
      return await this.#send<unknown>({ method, path: filled, ...rest });
    } catch (error) {
      throw error instanceof FleetError ? refused(error, this.#url) : error;
    }
  }
}
