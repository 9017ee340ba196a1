import { FleetError, withoutAnswer } from '../fleet-error.ts';
import { newKey } from '../new-key.ts';
import { pause } from '../pause.ts';
import type { Answer, Call, Transport } from '../send-once.ts';
import { isRetryable, jittered } from '../transport.ts';
import { Region } from './region.ts';
import { certainlyNotSent } from './not-sent.ts';

/** A fleet in several regions. */
export interface ManyRegions {
  /** In the fleet's own order: ids without a region's name belong to the first. */
  readonly regions: readonly [RegionAddress, ...RegionAddress[]];
  /** Name of the region to ask first. @default the one that answers first */
  readonly near?: string;
  /** A bearer key, `flk_…`. */
  readonly key: string;
  /** Milliseconds to go on with a request. The default is more than a takeover takes. @default 120,000 */
  readonly patienceMs?: number;
  /** Milliseconds before the second round over the regions. Doubles up to 2 s, with jitter. @default 250 */
  readonly backoffMs?: number;
  /** @default the platform's own */
  readonly fetch?: typeof fetch;
}

export interface RegionAddress {
  /** The region's name in ids and keys: `us`. */
  readonly name: string;
  /** URL of its task API. */
  readonly url: string;
}

export interface RegionalTransport {
  readonly send: Transport;
  /**
   * A new key with the name of the session's region, since a session's tasks belong to it; without a session with that of a
   * region that answers.
   */
  newKey(sessionId?: string): Promise<string>;
  readonly patienceMs: number;
}

const MAX_BACKOFF_MS = 2_000;
/** A region that answered this recently need not be asked before a key names it. */
const RECENT_MS = 1_000;

/**
 * Sends each request to the nearest region that answers, and to the next under the same key if that one does not or fails.
 * After a round over all regions it waits and starts over, until `patienceMs` have passed. Throws like `transport`, then with
 * what each region said.
 */
export function regionalTransport({
  patienceMs = 120_000,
  backoffMs = 250,
  ...options
}: ManyRegions): RegionalTransport {
  const [first, ...others] = options.regions;
  const regionOf = ({ name, url }: RegionAddress): Region => new Region(name, { ...options, url });
  const regions: Order = [regionOf(first), ...others.map(regionOf)];
  if (options.near !== undefined && regions.every(({ name }) => name !== options.near))
    throw new Error(`near is "${options.near}". Use one of ${regions.map(({ name }) => name).join(', ')}.`);
  const order = orderOf(regions, options.near);
  return {
    patienceMs,
    async send<Body>(call: Call): Promise<Answer<Body>> {
      const until = performance.now() + patienceMs;
      const said = new Map<string, FleetError>();
      let keyed = call;
      for (let round = 1; ; round += 1) {
        const failures: Failure[] = [];
        await order.measured();
        for (const region of order.now()) {
          const named = withKey(keyed, region);
          const result = await region.send<Body>(named);
          if (!(result instanceof FleetError)) return result;
          failures.push({ region, error: result });
          said.set(region.name, result);
          if (!certainlyNotSent(result)) keyed = named;
          if (result.status === 429 || !(isRetryable(result) || isMissing(call, result))) break;
        }
        const error = verdict(call, failures, regions);
        const backoff = Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (round - 1));
        const wait = Math.max(retryAfterOf(failures), jittered(backoff));
        if (!isRetryable(error)) throw error;
        if (performance.now() + wait > until) throw withAll(error, said);
        await pause(wait, call.signal);
      }
    },
    async newKey(sessionId) {
      if (sessionId !== undefined) return keyMadeIn(homeOfId(sessionId, regions));
      await order.measured();
      const nearest = order.now();
      for (const region of nearest)
        if (region.heardWithin(RECENT_MS) || (await region.probe())) return keyMadeIn(region);
      return keyMadeIn(nearest[0]);
    },
  };
}

interface Failure {
  readonly region: Region;
  readonly error: FleetError;
}

type Order = readonly [Region, ...Region[]];

interface Ordering {
  /** Resolves once the distances that matter are known. */
  measured(): Promise<unknown>;
  /** The regions that answer, or all if none does: the nearest first, those to avoid last. */
  now(): Order;
}

function orderOf(regions: readonly Region[], near: string | undefined): Ordering {
  let measured: Promise<unknown> | undefined;
  const rank = (region: Region): number => (region.name === near ? -1 : region.roundTripMs);
  return {
    async measured() {
      // Without a hint, who answers first is the nearest. With one, the others are measured when they are needed.
      if (near === undefined) await (measured ??= fastest(regions));
      else if (measured === undefined && regions.some(({ isDown }) => isDown)) measured = fastest(regions);
    },
    now() {
      const rankNow = new Map(regions.map((region) => [region, Number(region.isAvoided)]));
      const order = regions.toSorted(
        (a, b) => (rankNow.get(a) ?? 0) - (rankNow.get(b) ?? 0) || Math.sign(rank(a) - rank(b) || 0),
      );
      const alive = order.filter(({ isDown }) => !isDown);
      return (alive.length === 0 ? order : alive) as unknown as Order;
    },
  };
}

/** Resolves when a region has answered, or none does. */
const fastest = (regions: readonly Region[]): Promise<unknown> =>
  Promise.any(regions.map(async (region) => (await region.probe()) || Promise.reject(new Error(region.name)))).catch(
    () => undefined,
  );

/** One key is one task, whichever region gets it. Its first region is its home. */
const keyMadeIn = ({ name }: Region): string =>
  `${name}.${newKey().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`;

const withKey = (call: Call, region: Region): Call =>
  call.keyedByRegion && call.idempotencyKey === undefined ? { ...call, idempotencyKey: keyMadeIn(region) } : call;

/** What a round came to. A task may be missing in some regions while another one that did not answer has it. */
function verdict(call: Call, failures: readonly Failure[], regions: Order): FleetError {
  const final = failures.find(({ error }) => !isRetryable(error) && !isMissing(call, error));
  if (final !== undefined) return final.error;
  const missing = failures.filter(({ error }) => isMissing(call, error));
  const home = homeOf(call, regions);
  const absent = missing.length === regions.length ? missing[0] : missing.find(({ region }) => region === home);
  if (absent !== undefined) return absent.error;
  const retryable = failures.find(({ error }) => isRetryable(error));
  return retryable?.error ?? new FleetError(withoutAnswer('no-answer', NOT_ALL_ANSWER));
}

/** The error when the patience is over: what each region said last. A region that is down was not asked in the last round. */
function withAll(error: FleetError, said: ReadonlyMap<string, FleetError>): FleetError {
  if (said.size < 2) return error;
  const each = [...said].map(([name, { problem }]) => `${name}: ${problem.detail}`).join(' ');
  const { problem, retryAfterMs } = error;
  return new FleetError(
    { ...problem, detail: `No region served the request. ${each}` },
    { retryAfterMs, cause: error },
  );
}

/** The longest wait that a region asked for, and up to half as long again, so that callers do not come back all at once. */
const retryAfterOf = (failures: readonly Failure[]): number =>
  Math.max(0, ...failures.map(({ error }) => error.retryAfterMs ?? 0)) * (1 + Math.random() / 2);

const NOT_ALL_ANSWER = 'The regions that answer do not have it, and the others do not answer.';

/** Tasks and sessions by their ids. */
const ITEM = /^\/(?:tasks|sessions)\/(?!(?:batch|wait)$)(.*)/;

const isMissing = ({ path }: Call, { status }: FleetError): boolean => status === 404 && ITEM.test(path);

/** The region that always finds the item. */
const homeOf = ({ path }: Call, regions: Order): Region => homeOfId(ITEM.exec(path)?.[1] ?? '', regions);

/** The region of a task or session: it is in the id, or it is the fleet's first. */
const homeOfId = (id: string, regions: Order): Region =>
  regions.find(({ name }) => id.startsWith(`${name}.`)) ?? regions[0];
