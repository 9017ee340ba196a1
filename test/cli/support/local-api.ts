import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LocalFleet {
  /** Where the task API answers. */
  readonly api: string;
  readonly key: string;
  /** Where AWS answers. */
  readonly endpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What the fleet that runs with this home says of itself, and the key of its task API. */
export function readLocalApi(home: string): LocalFleet {
  const registered = JSON.parse(readFileSync(join(home, 'fleet.json'), 'utf8')) as {
    api: { url: string };
    endpoint: string;
    outputs: Record<string, string>;
  };
  const { api, endpoint, outputs } = registered;
  return { api: api.url, endpoint, outputs, key: readFileSync(join(home, 'main', 'api-key'), 'utf8').trim() };
}
