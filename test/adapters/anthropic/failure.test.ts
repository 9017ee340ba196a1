import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { anthropicModel } from '#adapters/anthropic/model.ts';
import type { Failure } from '#core/failures/failure.ts';
import { sampleRequest } from '../../contract/model.contract.ts';
import { sendJson, stubApi } from '../support/stub-api.ts';

const NOW = Date.UTC(2026, 10, 23, 12);

interface Refusal {
  readonly status: number;
  readonly type?: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The failure of a call that the API rejects this way, and the number of requests. */
async function refused({ status, type = 'error', message = 'no', headers = {} }: Refusal) {
  const error = { type: 'error', error: { type, message } };
  const api = await stubApi((response) => sendJson(response, status, error, { 'request-id': 'req_abc', ...headers }));
  const model = anthropicModel({ apiKey: 'sk-secret', baseURL: api.url, now: () => NOW });
  const thrown: unknown = await model.invoke(sampleRequest()).catch((caught: unknown) => caught);
  return { ...(thrown as { failure: Failure }).failure, requests: api.requests.length };
}

describe('a rejected call', () => {
  it.each([
    [429, 'throttled'],
    [529, 'throttled'],
    [500, 'transient'],
    [502, 'transient'],
    [504, 'transient'],
    [408, 'transient'],
    [400, 'permanent'],
    [401, 'permanent'],
    [402, 'permanent'],
    [403, 'permanent'],
    [404, 'permanent'],
    [413, 'permanent'],
    [422, 'permanent'],
  ])('with %i is %s, after one request', async (status, kind) => {
    expect(await refused({ status })).toMatchObject({ kind, requests: 1 });
  });

  it.each([
    [{ status: 401 }, "the model's secret"],
    [{ status: 403 }, 'allow it in the Anthropic console'],
    [{ status: 404 }, 'correct it in the model catalogue'],
    [{ status: 413 }, 'shorten or split the input'],
    [{ status: 400, message: 'Your credit balance is too low to access the Anthropic API.' }, 'add credit'],
    [{ status: 400, message: 'prompt is too long: 210000 tokens > 200000 maximum' }, 'shorten or split it'],
    [
      { status: 400, message: 'messages.0.content.0.pdf.source.base64.data: The PDF specified was not valid.' },
      'damaged',
    ],
    [
      { status: 400, message: 'messages.0.content.0.pdf: The PDF specified is password protected.' },
      'without a password',
    ],
    [{ status: 400, message: 'A maximum of 600 PDF pages may be provided.' }, 'split it'],
    [{ status: 400, message: 'max_tokens: must be at least 1' }, 'max_tokens: must be at least 1'],
  ])('has the remedy and the request id in its reason: %j', async (refusal, remedy) => {
    const { reason } = await refused(refusal);
    expect(reason).toContain(remedy);
    expect(reason).toContain('(request req_abc)');
    expect(reason).not.toContain('sk-secret');
  });

  it('never quotes text that may come from a document', async () => {
    const { reason } = await refused({
      status: 400,
      message: 'Unexpected value "Acme Corp. shall pay Bob 3,000,000" here',
    });
    expect(reason).toContain('Unexpected value "…" here');
    const long = await refused({ status: 400, message: 'x'.repeat(5_000) });
    expect(long.reason.length).toBeLessThan(300);
  });
});

describe('I5: the delay that the API asks a throttled call for', () => {
  const wait = async (headers: Readonly<Record<string, string>>, status = 429) =>
    (await refused({ status, headers })).retryAfterMs;

  it('is retry-after, in seconds or as a date', async () => {
    expect(await wait({ 'retry-after': '7' })).toBe(7_000);
    expect(await wait({ 'retry-after': '0.5' })).toBe(500);
    expect(await wait({ 'retry-after': new Date(NOW + 42_000).toUTCString() })).toBe(42_000);
    expect(await wait({ 'retry-after': new Date(NOW - 42_000).toUTCString() })).toBe(0);
    expect(await wait({ 'retry-after': '3' }, 529)).toBe(3_000);
  });

  it('is otherwise the time until the last exhausted limit is reset', async () => {
    const limit = (name: string, remaining: number, seconds: number) => ({
      [`anthropic-ratelimit-${name}-remaining`]: String(remaining),
      [`anthropic-ratelimit-${name}-reset`]: new Date(NOW + seconds * 1_000).toISOString(),
    });
    const headers = { ...limit('requests', 3, 50), ...limit('input-tokens', 0, 20), ...limit('output-tokens', 0, 10) };
    expect(await wait(headers)).toBe(20_000);
    expect(await wait(limit('requests', 5, 50))).toBeUndefined();
  });

  it('is unknown without such headers', async () => {
    expect(await wait({})).toBeUndefined();
    expect(await wait({ 'retry-after': 'soon' })).toBeUndefined();
  });
});

/** A port without a listener. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a call without a response', () => {
  it('is transient when the connection is refused, and names the host', async () => {
    const model = anthropicModel({ apiKey: 'k', baseURL: `http://127.0.0.1:${await freePort()}` });
    await expect(model.invoke(sampleRequest())).rejects.toMatchObject({
      failure: { kind: 'transient', reason: expect.stringMatching(/connection.*ECONNREFUSED 127\.0\.0\.1/) as string },
    });
  });

  it('is transient after its time limit, even if the response has started', async () => {
    const begun = await stubApi((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    );
    const silent = await stubApi(() => undefined);
    for (const { url } of [begun, silent]) {
      const model = anthropicModel({ apiKey: 'k', baseURL: url });
      await expect(model.invoke(sampleRequest({ timeoutMs: 150 }))).rejects.toMatchObject({
        failure: { kind: 'transient', reason: expect.stringContaining('did not respond within') as string },
      });
    }
  });

  it('rejects with the signal’s reason as soon as the caller aborts', async () => {
    const caller = new AbortController();
    const reason = new Error('claim lost');
    const api = await stubApi(() => caller.abort(reason));
    const model = anthropicModel({ apiKey: 'k', baseURL: api.url });
    await expect(model.invoke(sampleRequest({ signal: caller.signal }))).rejects.toBe(reason);
  });

  it('is transient when the response is not valid JSON', async () => {
    const api = await stubApi((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html>');
    });
    const model = anthropicModel({ apiKey: 'k', baseURL: api.url });
    await expect(model.invoke(sampleRequest())).rejects.toMatchObject({ failure: { kind: 'transient' } });
  });
});
