import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The task API of the fleet that runs with this home, and its key. */
export function readLocalApi(home: string): { readonly api: string; readonly key: string } {
  const registered = JSON.parse(readFileSync(join(home, 'fleet.json'), 'utf8')) as { api: { url: string } };
  return { api: registered.api.url, key: readFileSync(join(home, 'main', 'api-key'), 'utf8').trim() };
}
