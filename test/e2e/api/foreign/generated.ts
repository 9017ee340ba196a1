import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate } from 'orval';
import type { ForeignClient } from './client.ts';

/** The functions of a generated client take path parameters, body, query and options, whichever they have. */
type Generated = (...args: unknown[]) => Promise<{ status: number; headers: Headers; data: unknown }>;

/** Has orval make a TypeScript client of a document, below a folder; answers with its file. */
export async function generateClient(document: Record<string, unknown>, url: string, folder: string): Promise<string> {
  const target = join(folder, 'generated', 'client.ts');
  await generate({ input: { target: document }, output: { target, client: 'fetch', mode: 'single', baseUrl: url } });
  return target;
}

/** A generated client: what it makes of the document decides how the API is called. @param always headers beside the key */
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
    // It gives `{}` for an answer without a body.
    return { status, headers: got, body: status === 204 ? undefined : data };
  };
}
