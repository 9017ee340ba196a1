import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { s3Snapshots } from '#adapters/s3/snapshots.ts';
import { webFetcher, type WebFetcherOptions } from '#adapters/web/fetcher.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { Fetcher, FetchResult } from '#core/ports/fetcher.ts';
import { inMemoryArtifacts } from '../../support/fakes/in-memory-artifacts.ts';
import { inMemoryHostPaceStore } from '../../support/fakes/in-memory-host-pace-store.ts';
import { manualClock, type ManualClock } from '../../support/fakes/manual-clock.ts';

/** Answers a request to a site. `path` begins with the host: `shop.test/news`. */
export type Site = (request: IncomingMessage, response: ServerResponse) => void;

export interface SmallWeb {
  readonly fetcher: Fetcher;
  readonly clock: ManualClock;
  readonly artifacts: Artifacts;
  readonly port: number;
  /** `host/path` of every request, in order. */
  readonly asked: string[];
  /** How long the fetcher waited, in milliseconds of the clock. */
  readonly waits: number[];
  /** A further worker that shares the store and the paces. */
  another(options?: Partial<WebFetcherOptions>): Fetcher;
}

/** For tests whose clock runs ahead of the connections: no permit runs out on the way. */
export const UNHURRIED = { limits: { redirects: 5, timeMs: 86_400_000, bytes: 1_000_000 } };

export const NIGHT = '2026-11-23';

/** A web of names below `.test` on one port of this machine. `pages` has an answer for each `host/path`; others are 404. */
export async function smallWeb(
  pages: Readonly<Record<string, Site | string>>,
  options: Partial<WebFetcherOptions> = {},
): Promise<SmallWeb> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = `${request.headers.host ?? ''}${request.url ?? ''}`;
    asked.push(path);
    const page = pages[path];
    if (page === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end('<p>none</p>');
    else if (typeof page === 'string') sendPage(response, page);
    else page(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const clock = manualClock();
  const artifacts = inMemoryArtifacts();
  const waits: number[] = [];
  const shared = {
    snapshots: s3Snapshots({ artifacts, bucket: 'artifacts' }),
    paces: inMemoryHostPaceStore(),
    clock,
    ids: {
      uuid: () => randomUUID(),
      random: () => 0.5,
      digest: (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex'),
    },
    contact: 'https://fleet.example/crawler',
    standIn: { address: '127.0.0.1', port },
    resolve: async () => [],
    delay: async (ms: number) => {
      waits.push(ms);
      clock.advance(ms);
      // Connections go on.
      await setImmediate();
    },
    ...options,
  } satisfies WebFetcherOptions;
  const another = (others: Partial<WebFetcherOptions> = {}) => webFetcher({ ...shared, ...others });
  return { fetcher: another(), clock, artifacts, port, asked, waits, another };
}

/** Fetches, and comes back as often as it is told to. */
export async function insist({ clock, fetcher }: SmallWeb, url: string, by = fetcher): Promise<FetchResult> {
  for (;;) {
    const found = await by.fetch({ url, night: NIGHT });
    if (found.kind !== 'later') return found;
    clock.advance(Math.max(1, found.at - clock.now()));
    await setImmediate();
  }
}

export function sendPage(
  response: ServerResponse,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
}

export const redirectTo =
  (location: string, status = 302): Site =>
  (_request, response) =>
    void response.writeHead(status, { location }).end();

export const paragraphs = (text: string): string =>
  `<html><head><title>A page</title></head><body><p>${text}</p></body></html>`;

/** What work takes of this thread's processor, however busy the machine is. */
export function secondsOfProcessor(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6;
}
