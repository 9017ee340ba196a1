import type { ServerResponse } from 'node:http';

/** What a host answers. The server adds validators, encodings and what faults do. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** When what it says last changed; only then it has validators. */
  readonly modified?: Date;
  /** Writes the answer itself, in place of all other fields. */
  readonly stream?: (response: ServerResponse) => void;
}

export interface Asked {
  readonly host: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly userAgent: string | undefined;
}

const HTML = 'text/html; charset=utf-8';

export const html = (body: string, modified?: Date): Answer => ({ status: 200, type: HTML, body, ...dated(modified) });
export const xml = (body: string, type: string, modified?: Date): Answer => ({
  status: 200,
  type,
  body,
  ...dated(modified),
});
export const json = (value: unknown, modified?: Date): Answer => ({
  status: 200,
  type: 'application/json',
  body: JSON.stringify(value),
  ...dated(modified),
});
export const text = (body: string, modified?: Date): Answer => ({
  status: 200,
  type: 'text/plain; charset=utf-8',
  body,
  ...dated(modified),
});
export const failure = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  type: HTML,
  body: `<!doctype html>\n<html lang="en"><head><title>${status} ${message}</title></head><body><h1>${message}</h1></body></html>\n`,
  headers,
});
export const notFound = (): Answer => failure(404, 'Page not found');
export const redirect = (location: string, status = 302): Answer => failure(status, 'Moved', { location });

const dated = (modified: Date | undefined): Pick<Answer, 'modified'> => (modified === undefined ? {} : { modified });
