import { KEY_PREFIX } from '#core/keys/key.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import { findRunningGlobal, type RunningGlobal, type RunningRegion } from '../global/registry.ts';
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
  /** The name of the region of `fleet global up` that it is. Undefined for any other fleet. */
  readonly region?: string | undefined;
}

/** The options that choose it. */
export interface TargetOptions {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * Finds the fleet named by `--url` or `FLEET_URL`, else the one on this machine, else the first of three regions there that
 * is up: each of them answers for all. Throws `UserError`.
 */
export function findTarget(options: TargetOptions, output: Output): Target {
  if (options.key !== undefined)
    output.line('Everyone on this machine can see --key in the process list. Set FLEET_KEY instead.');
  const named = options.url ?? fleetEnvironment.url;
  const given = options.key ?? fleetEnvironment.key;
  const [running, regions] = [findRunningFleet(), findRunningGlobal()];
  const url = named === undefined ? (running?.api.url ?? firstUp(regions, output)) : parseUrl(named);
  // The local key is only for the fleet on this machine.
  if (given !== undefined && !given.startsWith(KEY_PREFIX))
    throw wrongUsage(
      `The key has the wrong form: a key starts with ${KEY_PREFIX}.`,
      'Check FLEET_KEY or --key, or create a key with npm run fleet -- keys create --name NAME.',
    );
  const region = regions?.regions.find(({ api }) => api?.url === url)?.name;
  const ofRegions = region === undefined ? null : (regions?.key ?? null);
  const key = given ?? (url === running?.api.url ? readLocalKey() : ofRegions);
  if (key === null)
    throw new UserError(
      `There is no key for ${url}.`,
      'Create one with npm run fleet -- keys create --name NAME, and set FLEET_KEY.',
    );
  return { url, key, local: isLocal(url), region };
}

const isUp = ({ pid, api }: RunningRegion): boolean => pid !== null && api !== null;

/** The URL of the first of three regions on this machine that is up. Throws a `UserError` if none is. */
function firstUp(regions: RunningGlobal | null, output: Output): string {
  const up = regions?.regions.find(isUp);
  const url = up?.api?.url;
  if (up === undefined || url === undefined) throw noFleet(regions);
  output.line(
    `This uses region ${up.name} of the three on this machine. Set FLEET_URL to the URL of another to use that.`,
  );
  return url;
}

/** That no fleet on this machine can be used, as an error for the user. */
export function noFleet(regions: RunningGlobal | null): UserError {
  const [first] = regions?.regions ?? [];
  return first === undefined
    ? new UserError(
        'No fleet is running on this machine.',
        'Start one with npm start, or set FLEET_URL for a deployed one or a region of npm run fleet -- global up.',
      )
    : new UserError(
        'No region on this machine is up.',
        `Wait if they are starting; else start one with npm run fleet -- global start ${first.name}.`,
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
