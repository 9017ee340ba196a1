import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { ForeignClient, Got } from './client.ts';

/** Runs curl with arguments and a body on stdin, and returns the response. Rejects if curl fails. */
export async function curl(args: readonly string[], body = ''): Promise<Got> {
  // Without `Expect`, which would add an interim response.
  const child = spawn('curl', ['--silent', '--show-error', '--include', '--max-time', '40', '-H', 'Expect:', ...args]);
  child.stdin.on('error', () => undefined).end(body);
  const [said, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`curl ${args.join(' ')} ended with ${String(code)}: ${complaint}`);
  return answerIn(said);
}

/** curl as a client of the API. @param always headers of all requests, in addition to the key */
export function curlClient(url: string, key: string, always: Readonly<Record<string, string>> = {}): ForeignClient {
  return ({ method, path }, { params = {}, query = {}, body, headers = {} }) => {
    const way = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const search = new URLSearchParams(query).toString();
    const all = {
      authorization: `Bearer ${key}`,
      ...always,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    return curl(
      [
        '--request',
        method.toUpperCase(),
        ...Object.entries(all).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
        ...(body === undefined ? [] : ['--data-binary', '@-']),
        `${url}${way}${search && `?${search}`}`,
      ],
      body === undefined ? '' : JSON.stringify(body),
    );
  };
}

function answerIn(said: string): Got {
  const end = said.indexOf('\r\n\r\n');
  const [first = '', ...lines] = said.slice(0, end).split('\r\n');
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const body = said.slice(end + 4);
  const isJson = /json/.test(headers.get('content-type') ?? '');
  return {
    status: Number(first.split(' ')[1]),
    headers,
    body: body === '' ? undefined : isJson ? (JSON.parse(body) as unknown) : body,
  };
}
