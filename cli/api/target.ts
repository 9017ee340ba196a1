import { findRunningFleet } from '../fleet/registry.ts';
import { readLocalKey } from '../keys/local-key.ts';
import type { Output } from '../terminal/output.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { fleetEnvironment } from './environment.ts';

/** The task API to talk to. */
export interface Target {
  /** Without a slash at the end. */
  readonly url: string;
  /** Bearer key: never shown, and sent to `url` alone. */
  readonly key: string;
  /** Whether it is on this machine. */
  readonly local: boolean;
}

/** What the command line says of it. */
export interface TargetOptions {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

/** The fleet named by `--url` or `FLEET_URL`, else the one that runs on this machine. Throws `UserError`. */
export function findTarget(options: TargetOptions, output: Output): Target {
  if (options.key !== undefined)
    output.line('--key is seen by everyone on this machine in the list of processes; set FLEET_KEY instead.');
  const named = options.url ?? fleetEnvironment.url;
  const given = options.key ?? fleetEnvironment.key;
  const running = findRunningFleet();
  const url = named === undefined ? running?.api.url : parseUrl(named);
  if (url === undefined)
    throw new UserError('No fleet is running here.', 'Start one with npm start, or name a deployed one by FLEET_URL.');
  // The key of the fleet that runs here is for that fleet alone.
  const key = given ?? (url === running?.api.url ? readLocalKey() : null);
  if (key === null)
    throw new UserError(
      `There is no key for ${url}.`,
      'Set FLEET_KEY to one, made by npm run fleet -- keys create for that fleet.',
    );
  return { url, key, local: isLocal(url) };
}

/** Whether a URL leads to this machine. */
export function isLocal(url: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
}

function parseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol) || url.username !== '')
    throw wrongUsage(
      `"${text}" is no URL of a fleet.`,
      'Give the output ApiUrl of its API stack: https://….amazonaws.com/v1',
    );
  if (url.protocol === 'http:' && !isLocal(text))
    throw wrongUsage(`${url.origin} is not https: the key would travel in the clear.`, 'Give the https URL.');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
