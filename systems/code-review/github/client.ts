import type { z } from 'zod';

/** An answer of GitHub that is no success, or none at all. */
export class GithubError extends Error {
  readonly kind: 'throttled' | 'lost' | 'rejected' | 'forbidden';
  /** Milliseconds to wait, if it is throttled. */
  readonly waitMs: number;
  /** The status of the answer; null when there was none. */
  readonly status: number | null;

  constructor(kind: GithubError['kind'], message: string, waitMs = 0, status: number | null = null) {
    super(message);
    this.name = 'GithubError';
    this.kind = kind;
    this.waitMs = waitMs;
    this.status = status;
  }
}

export interface GithubAccess {
  /** Such as `https://api.github.com`. */
  readonly url: string;
  readonly token: string;
  /** Sends each request that may change something, so that it can be recorded. @default it is only sent */
  readonly write?: (write: GithubWrite, send: () => Promise<unknown>) => Promise<unknown>;
}

/** A request that may change something. */
export interface GithubWrite {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the API's URL. */
  readonly path: string;
  /** Empty for a deletion, which is sent without it. */
  readonly body: object;
}

/** One page of a list. */
export interface Page<Value> {
  readonly value: Value;
  /** The path of the next page; null on the last one. */
  readonly next: string | null;
}

const VERSION = '2022-11-28';
const TIMEOUT_MS = 30_000;
/** GitHub asks to wait a minute when it names no time. */
const UNNAMED_WAIT_MS = 60_000;
/** Files of a pull request that GitHub lists: 30 pages of 100. */
const MAX_PAGES = 30;

/** The part of GitHub's REST API that posting a review uses. Each error says what it means for the caller. */
export class GithubClient {
  readonly #access: GithubAccess;

  constructor(access: GithubAccess) {
    this.#access = access;
  }

  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await this.#read(path));
  }

  /** Reads one page of a list that names its next page, as lists with a cursor do. */
  async page<Schema extends z.ZodType>(path: string, schema: Schema): Promise<Page<z.output<Schema>>> {
    const { content, next } = await this.#send('GET', path);
    return { value: schema.parse(content), next };
  }

  /** Reads all pages of a list. */
  async list<Schema extends z.ZodType>(path: string, item: Schema): Promise<z.output<Schema>[]> {
    const items: z.output<Schema>[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const found = item
        .array()
        .parse(await this.#read(`${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`));
      items.push(...found);
      if (found.length < 100) break;
    }
    return items;
  }

  async post<Schema extends z.ZodType>(path: string, body: object, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await this.#write({ method: 'POST', path, body }));
  }

  async patch<Schema extends z.ZodType>(path: string, body: object, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await this.#write({ method: 'PATCH', path, body }));
  }

  async put<Schema extends z.ZodType>(path: string, body: object, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await this.#write({ method: 'PUT', path, body }));
  }

  async delete(path: string): Promise<void> {
    await this.#write({ method: 'DELETE', path, body: {} });
  }

  async #read(path: string): Promise<unknown> {
    return (await this.#send('GET', path)).content;
  }

  async #write(write: GithubWrite): Promise<unknown> {
    const { method, path, body } = write;
    const send = async (): Promise<unknown> =>
      (await this.#send(method, path, method === 'DELETE' ? undefined : body)).content;
    return this.#access.write === undefined ? send() : this.#access.write(write, send);
  }

  async #send(method: string, path: string, body?: object): Promise<Answer> {
    const { url, token } = this.#access;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}${path}`, {
        method,
        // A repository that was renamed or transferred answers with another address.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': 'fleet-review',
          'x-github-api-version': VERSION,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch {
      throw new GithubError('lost', `GitHub did not answer ${method} ${path}.`);
    }
    if (!response.ok) throw errorOf(response, text);
    try {
      return { content: text === '' ? null : JSON.parse(text), next: nextIn(response.headers, path) };
    } catch {
      throw new GithubError('lost', `GitHub's answer to ${method} ${path} is not JSON.`);
    }
  }
}

interface Answer {
  readonly content: unknown;
  readonly next: string | null;
}

/** Only the query of the link is used, since the token must go to no other host. */
function nextIn(headers: Headers, path: string): string | null {
  const url = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return url !== undefined && URL.canParse(url) ? `${path.split('?')[0] ?? ''}${new URL(url).search}` : null;
}

function errorOf(response: Response, text: string): GithubError {
  const { status, headers } = response;
  const said = `GitHub answered ${status}: ${messageIn(text)}`;
  if (status >= 500) return new GithubError('lost', said);
  const isAbuse = /submitted too quickly|"abuse"|secondary rate limit/i.test(text);
  const isSpent = headers.get('x-ratelimit-remaining') === '0';
  if (status === 429 || isAbuse || (status === 403 && (isSpent || headers.has('retry-after'))))
    return new GithubError('throttled', said, waitOf(headers, isSpent));
  return new GithubError(status === 422 || status === 409 ? 'rejected' : 'forbidden', said, 0, status);
}

function waitOf(headers: Headers, isSpent: boolean): number {
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if (after >= 0) return after * 1_000;
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1_000 - Date.now();
  return isSpent && reset > 0 ? reset : UNNAMED_WAIT_MS;
}

/** GitHub's own words, and of a body that is no JSON nothing. */
function messageIn(text: string): string {
  try {
    const { message, errors } = JSON.parse(text) as { message?: unknown; errors?: unknown };
    return [message, errors === undefined ? '' : JSON.stringify(errors)]
      .filter((part) => typeof part === 'string' && part !== '')
      .join(' ');
  } catch {
    return 'no message';
  }
}
