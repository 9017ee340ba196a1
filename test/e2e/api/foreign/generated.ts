import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate } from 'orval';
import type { ForeignClient } from './client.ts';

/** The functions of a generated client accept path parameters, body, query and options, as far as they have them. */
type Generated = (...args: unknown[]) => Promise<{ status: number; headers: Headers; data: unknown }>;

/** Generates a TypeScript client from a document with orval, in a folder, and returns its file. */
export async function generateClient(document: Record<string, unknown>, url: string, folder: string): Promise<string> {
  const target = join(folder, 'generated', 'client.ts');
  // It reports to stdout, which belongs to the JSON of whoever generates.
  const { log } = console;
  console.log = console.error;
  try {
    await generate({ input: { target: document }, output: { target, client: 'fetch', mode: 'single', baseUrl: url } });
  } finally {
    console.log = log;
  }
  return target;
}

/** A generated client, which calls the API as it understood the document. @param always headers in addition to the key */
export async function generatedClient(
  file: string,
  key: string,
  always: Readonly<Record<string, string>> = {},
): Promise<ForeignClient> {
  const made = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  return async ({ id, pathParameters, takesBody, takesQuery }, { params = {}, query, body, headers }) => {
    const operation = made[id];
    if (typeof operation !== 'function') throw new Error(`The generated client has no function ${id}.`);
    const {
      status,
      headers: got,
      data,
    } = await (operation as Generated)(
      ...pathParameters.map((name) => params[name]),
      ...(takesBody ? [body] : []),
      ...(takesQuery ? [query] : []),
      { headers: { authorization: `Bearer ${key}`, ...always, ...headers } },
    );
    // It returns `{}` for a response without a body.
    return { status, headers: got, body: status === 204 ? undefined : data };
  };
}
