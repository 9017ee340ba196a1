import { KEY_PREFIX } from '#core/keys/key.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import { keyFile } from '../global/paths.ts';
import { findRunningGlobal, type RunningGlobal } from '../global/registry.ts';
import { readLocalKey } from '../keys/local-key.ts';
import type { Output } from '../terminal/output.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { fleetEnvironment } from './environment.ts';

/** The task API to talk to. */
export interface Target {
  /** Without a trailing slash. */
  readonly url: string;
  /** Bearer key: never shown, and sent only to `url`. */
  readonly key: string;
  /** Whether it is on this machine. */
  readonly local: boolean;
}

/** The options that choose it. */
export interface TargetOptions {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

/** Finds the fleet named by `--url` or `FLEET_URL`, else the one on this machine. Throws `UserError`. */
export function findTarget(options: TargetOptions, output: Output): Target {
  if (options.key !== undefined)
    output.line('Everyone on this machine can see --key in the process list. Set FLEET_KEY instead.');
  const named = options.url ?? fleetEnvironment.url;
  const given = options.key ?? fleetEnvironment.key;
  const running = findRunningFleet();
  const url = named === undefined ? running?.api.url : parseUrl(named);
  if (url === undefined) throw noFleet();
  // The local key is only for the fleet on this machine.
  if (given !== undefined && !given.startsWith(KEY_PREFIX))
    throw wrongUsage(
      `The key has the wrong form: a key starts with ${KEY_PREFIX}.`,
      'Check FLEET_KEY or --key, or create a key with npm run fleet -- keys create --name NAME.',
    );
  const key = given ?? (url === running?.api.url ? readLocalKey() : null);
  if (key === null)
    throw new UserError(
      `There is no key for ${url}.`,
      'Create one with npm run fleet -- keys create --name NAME, and set FLEET_KEY.',
    );
  return { url, key, local: isLocal(url) };
}

/** A command acts on one region: three on this machine have to be named as a deployed one has. */
export function noFleet(regions: RunningGlobal | null = findRunningGlobal()): UserError {
  const [api] = regions?.regions.flatMap((region) => region.api ?? []) ?? [];
  if (regions === null || api === undefined)
    return new UserError(
      'No fleet is running on this machine.',
      'Start one with npm start, or set FLEET_URL for a deployed one or a region of npm run fleet -- global up.',
    );
  return new UserError(
    'Three regions are running on this machine, and none is named.',
    `Set FLEET_URL to one of them, such as ${api.url}, and FLEET_KEY to the key in ${keyFile(regions.dataDir)}.`,
  );
}

/** Whether a URL names this machine. */
export function isLocal(url: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
}

function parseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol) || url.username !== '')
    throw wrongUsage(
      `"${text}" is not the URL of a fleet.`,
      'Use the output ApiUrl of the API stack: https://….amazonaws.com/v1',
    );
  if (url.protocol === 'http:' && !isLocal(text))
    throw wrongUsage(`${url.origin} is not https: the key would be sent unencrypted.`, 'Use the https URL.');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
