import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureAccessKey, PROFILE } from '@agent-fleet/local-cloud/access-key';

export interface LocalFleet {
  /** Where the task API answers. */
  readonly api: string;
  readonly key: string;
  /** Where AWS answers. */
  readonly endpoint: string;
  /** The variables that `npm start` prints, with which AWS tools call as this user. */
  readonly aws: Readonly<Record<'AWS_SHARED_CREDENTIALS_FILE' | 'AWS_PROFILE', string>>;
  /** The access key in that file, for SDK clients. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
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
    aws: { AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'), AWS_PROFILE: PROFILE },
    credentials: ensureAccessKey(join(home, 'credentials')),
    key: readFileSync(join(home, 'main', 'api-key'), 'utf8').trim(),
  };
}
