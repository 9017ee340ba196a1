import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import { afterEach, describe, expect, it, onTestFinished, test, vi } from 'vitest';
import { startKinesis, texts } from '@agent-fleet/local-cloud/testing/kinesis';
import { addMarket } from '../../cli/market/add-market.ts';
import { follow } from '../../cli/market/feed/follow.ts';
import { waitAfter } from '../../cli/market/feed/patience.ts';
import type { Polled } from '../../sources/edgar/poll.ts';
import { edgarPages } from '../../sources/edgar/request.ts';
import { feedPage, filingNumber, type Entry } from '../sources/edgar/feed-page.ts';

const CONTACT = 'Ada Lovelace ada@example.com';
const { signal } = new AbortController();
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A server in EDGAR's place. */
async function standIn(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/browse-edgar` };
}

const gone =
  (status: number, headers: Record<string, string> = {}) =>
  (_: unknown, response: ServerResponse) =>
    void response.writeHead(status, headers).end('Request Rate Threshold Exceeded');

async function feed(...words: readonly string[]): Promise<string> {
  let said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const fleet = new Command('fleet').exitOverride();
  addMarket(fleet, []);
  await fleet.parseAsync(['market', 'feed', 'edgar', ...words], { from: 'user' });
  return said;
}

describe('fleet market feed edgar', () => {
  it('sends current filings to the stream, and the same ids when it is started again', async () => {
    const kinesis = await startKinesis();
    const stream = await kinesis.stream('events');
    vi.stubEnv('AWS_ENDPOINT_URL', kinesis.url);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    const now = `${new Date().toISOString().slice(0, 19)}+00:00`;
    const own: Entry = { ...filingNumber(1), form: '4', role: 'Issuer', updated: now };
    const { asked, url } = await standIn((_, response) => {
      const owner = { ...own, cik: '0000000009', role: 'Reporting' };
      response.setHeader('content-type', 'application/atom+xml').end(feedPage([owner, own, { ...own }]));
    });
    const words = ['--contact', CONTACT, '--once', '--stream', stream, '--url', url];
    expect(JSON.parse(await feed(...words, '--json'))).toEqual({ events: 1 });
    expect(await feed(...words)).toContain('1 filing sent.');
    const { Records } = await kinesis.read(await kinesis.iterator(stream, 'shardId-000000000000'));
    const events = texts(Records).map((text) => JSON.parse(text) as { id: string; subject: string });
    expect(events.map(({ id, subject }) => [id, subject])).toEqual([
      [own.accession, `cik:${own.cik}`],
      [own.accession, `cik:${own.cik}`],
    ]);
    expect(Records?.[0]?.PartitionKey).toBe(`cik:${own.cik}`);
    expect(asked[0]?.headers['user-agent']).toBe(CONTACT);
    const query = new URL(asked[0]?.url ?? '', url).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({ action: 'getcurrent', output: 'atom', start: '0', count: '100' });
    expect(query.has('type')).toBe(false);
  });

  test.each([
    [[], '--contact is missing: the SEC rejects'],
    [['--contact', 'Ada'], '--contact must be a name and an e-mail address'],
    [['--contact', 'ada@example.com\r\nx: y'], '--contact must be'],
    [['--contact', CONTACT, '--every', '10ms'], '--every must be a duration'],
    [['--contact', CONTACT, '--every', '0.1s'], '--every must be at least 1s'],
    [['--contact', CONTACT, '--every', '25h'], '--every must be at most 24h'],
    [['--contact', CONTACT, '--url', 'ftp://x'], '--url must be an http or https address'],
  ])('rejects %j', async (words, message) => {
    await expect(feed(...words)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message) as string,
    });
  });

  it('ends with a remedy if EDGAR blocks it', async () => {
    const { url } = await standIn(gone(403));
    await expect(feed('--contact', CONTACT, '--once', '--stream', 's', '--url', url)).rejects.toMatchObject({
      message: 'EDGAR does not answer us for now (status 403).',
      remedy: expect.stringContaining('10m 00s') as string,
    });
  });
});

describe('following EDGAR', () => {
  const read = { kind: 'read', sent: 2, unread: null, outOfReach: null } as const;
  const away = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4566'), { name: 'TimeoutError' });
  const named = (name: string) => Object.assign(new Error('no'), { name });

  /** Follows polls with these outcomes, until Ctrl-C after the last one. */
  async function followed(outcomes: readonly (Polled | Error)[], once = false) {
    const left = [...outcomes];
    const stop = new AbortController();
    const waits: number[] = [];
    const lines: string[] = [];
    const poll = {
      poll: () => {
        const next = left.shift() ?? read;
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
      },
    };
    const wait = (ms: number) => {
      waits.push(ms);
      if (left.length === 0) stop.abort();
      return Promise.resolve();
    };
    const notes = { line: (text = '') => void lines.push(text), progress: () => undefined };
    const sent = await follow({ poll, notes, wait }, { every: 15_000, once }, stop.signal);
    return { sent, waits, lines };
  }

  it('goes on while the stream is away, more and more patiently', async () => {
    const { sent, waits, lines } = await followed([read, away, away, read, away]);
    expect(sent).toBe(4);
    expect(waits).toEqual([15_000, 30_000, 60_000, 15_000, 30_000]);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(
      /not in the stream yet: connect ECONNREFUSED 127\.0\.0\.1:4566\. Tried again in 1m 00s\.$/,
    );
  });

  test.each(['AccessDeniedException', 'ResourceNotFoundException', 'CredentialsProviderError'])(
    'ends if a person must mend it: %s',
    async (name) => {
      await expect(followed([read, named(name), read])).rejects.toMatchObject({ name });
    },
  );

  it('ends with the first error if it polls once', async () => {
    await expect(followed([away, read], true)).rejects.toBe(away);
  });
});

describe('a request of EDGAR', () => {
  test.each([
    [gone(403), { kind: 'blocked', waitMs: 600_000, reason: 'status 403' }],
    [gone(429, { 'retry-after': '120' }), { kind: 'blocked', waitMs: 120_000, reason: 'status 429' }],
    [gone(429, { 'retry-after': '0' }), { kind: 'blocked', waitMs: 60_000, reason: 'status 429' }],
    [gone(503), { kind: 'failed', reason: 'status 503' }],
    [gone(302, { location: 'http://127.0.0.1:1/' }), { kind: 'failed', reason: 'status 302' }],
    [
      (_: unknown, response: ServerResponse) => void response.destroy(),
      { kind: 'failed', reason: 'no answer (ECONNRESET)' },
    ],
  ])('%#: a refusal has its meaning', async (answer, expected) => {
    const { url } = await standIn(answer);
    expect(await edgarPages({ url, contact: CONTACT })(0, {}, signal)).toEqual(expected);
  });

  it('is conditional on what is known', async () => {
    const { asked, url } = await standIn(({ headers }, response) => {
      if (headers['if-none-match'] === '"7"') response.writeHead(304).end();
      else response.setHeader('etag', '"7"').end(feedPage([]));
    });
    const request = edgarPages({ url, contact: CONTACT });
    const first = await request(0, {}, signal);
    expect(first).toMatchObject({ kind: 'page', validators: { etag: '"7"' } });
    expect(await request(0, { etag: '"7"', lastModified: 'Thu, 19 Nov 2026 21:12:02 GMT' }, signal)).toEqual({
      kind: 'unchanged',
    });
    expect(asked[1]?.headers['if-modified-since']).toBe('Thu, 19 Nov 2026 21:12:02 GMT');
  });

  test.each([
    [{ kind: 'read', sent: 1, unread: null, outOfReach: null }, 0, 15_000],
    [{ kind: 'blocked', waitMs: 600_000, reason: '' }, 0, 600_000],
    [{ kind: 'failed', reason: '' }, 1, 30_000],
    [{ kind: 'failed', reason: '' }, 2, 60_000],
    [{ kind: 'failed', reason: '' }, 9_999, 300_000],
    [{ kind: 'unsent', reason: '' }, 2, 60_000],
    // A longer one would fire at once: timers of Node count milliseconds in 31 bits.
    [{ kind: 'blocked', waitMs: 2 ** 31, reason: '' }, 0, 86_400_000],
    [{ kind: 'blocked', waitMs: Infinity, reason: '' }, 0, 86_400_000],
  ] as const)('%j after %d failures waits %d ms', (polled, failures, expected) => {
    expect(waitAfter(polled, 15_000, failures)).toBe(expected);
  });
});
