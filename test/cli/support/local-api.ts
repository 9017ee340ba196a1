import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LocalFleet {
  /** Where the task API answers. */
  readonly api: string;
  readonly key: string;
  /** Where AWS answers. */
  readonly endpoint: string;
  /** The stacks' outputs by system; `platform` and `api` are shared. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly usagePlan: string;
  readonly callbackSecret: string;
}

/** What the fleet that runs with this home says of itself, and the key of its task API. */
export function readLocalApi(home: string): LocalFleet {
  const registered = JSON.parse(readFileSync(join(home, 'fleet.json'), 'utf8')) as {
    api: { url: string; usagePlan: string; callbackSecret: string };
    endpoint: string;
    outputs: LocalFleet['outputs'];
  };
  const { api, endpoint, outputs } = registered;
  const { url, usagePlan, callbackSecret } = api;
  return {
    api: url,
    usagePlan,
    callbackSecret,
    endpoint,
    outputs,
    key: readFileSync(join(home, 'main', 'api-key'), 'utf8').trim(),
  };
}
