import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anthropicBatchModel } from '#adapters/anthropic/batch-model.ts';
import { anthropicModel } from '#adapters/anthropic/model.ts';
import { isFree, type FailureError } from '#core/failures/failure.ts';
import { sampleRequest } from '../../contract/model.contract.ts';
import { certificateFor } from '../support/certificate.ts';
import { sendJson, stubApi } from '../support/stub-api.ts';

const failureOf = async (call: Promise<unknown>) => {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  return (thrown as FailureError).failure;
};

/** Whether a failed call of this API is free: whole, streamed, and the creation of a batch. */
async function free(baseURL: string, apiKey: string | (() => Promise<string>) = 'k'): Promise<boolean[]> {
  const model = anthropicModel({ apiKey, baseURL });
  const { timeoutMs: _ms, stepId: _id, ...request } = sampleRequest();
  const calls = [
    () => model.invoke(sampleRequest({ timeoutMs: 500 })),
    () => model.invoke(sampleRequest({ maxTokens: 16_000, timeoutMs: 500 })),
    () => anthropicBatchModel({ apiKey, baseURL }).create([{ customId: 'a', request }]),
  ];
  const failures = [];
  for (const call of calls) failures.push(await failureOf(call()));
  return failures.map(isFree);
}

/** A TCP server that does this to each connection. */
async function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const FREE = [true, true, true];
const CHARGED = [false, false, false];

describe('I4: a call is free if it surely did not reach the provider', () => {
  it('because the connection was refused', async () => {
    // No system gives this port to whoever asks for a free one, as another test may at this moment.
    expect(await free('http://127.0.0.1:65001')).toEqual(FREE);
    // Two addresses, both refused.
    expect(await free('http://localhost:65001')).toEqual(FREE);
  });

  it('because the name has no address', async () => {
    expect(await free('http://model.invalid')).toEqual(FREE);
  });

  it('because the TLS handshake failed', async () => {
    const { url } = await stubApi((response) => sendJson(response, 200, {}), certificateFor('127.0.0.1'));
    expect(await free(url)).toEqual(FREE);
    const hangsUp = await listen((socket) => socket.once('data', () => socket.destroy()));
    expect(await free(`https://127.0.0.1:${hangsUp}`)).toEqual(FREE);
    const noTls = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n')));
    expect(await free(`https://127.0.0.1:${noTls}`)).toEqual(FREE);
  });

  it('because its key could not be read', async () => {
    const key = async (): Promise<string> => Promise.reject(new Error('AccessDenied'));
    expect(await free('http://127.0.0.1:1', key)).toEqual(FREE);
    expect(await free('http://127.0.0.1:1', async () => '')).toEqual(FREE);
  });

  it.each([400, 401, 403, 404, 413, 422, 429, 529])('because it was rejected with %i', async (status) => {
    const { url } = await stubApi((response) =>
      sendJson(response, status, { type: 'error', error: { type: 'error', message: 'no' } }),
    );
    expect(await free(url)).toEqual(FREE);
  });
});

describe('I4: a call may be billed', () => {
  it.each([
    ['the headers', ''],
    ['half of the body', '{"id":"msg_1"'],
  ])('if the answer breaks off after %s', async (_, begun) => {
    const { url } = await stubApi((response, { body }) => {
      const streams = body.includes('"stream":true');
      const type = streams ? 'text/event-stream' : 'application/json';
      response.writeHead(200, { 'content-type': type, ...(streams ? {} : { 'content-length': '500' }) });
      response.flushHeaders();
      const start = 'event: message_start\ndata: {"type":"message_start"';
      response.write(streams && begun !== '' ? start : begun || ' ', () => response.destroy());
    });
    expect(await free(url)).toEqual(CHARGED);
  });

  it('if the connection closes after the request', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.destroy()));
    expect(await free(`http://127.0.0.1:${port}`)).toEqual(CHARGED);
    const resets = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await free(`http://127.0.0.1:${resets}`)).toEqual(CHARGED);
  });

  it.each([500, 502, 503, 504, 408])('if the provider failed with %i', async (status) => {
    const { url } = await stubApi((response) => sendJson(response, status, {}));
    expect(await free(url)).toEqual(CHARGED);
  });

  it('if the answer is not what the API promises', async () => {
    const { url } = await stubApi((response) => response.writeHead(200).end('<html>'));
    expect(await free(url)).toEqual(CHARGED);
  });

  it('if it ran out of time, before the headers or after', async () => {
    const silent = await stubApi(() => undefined);
    const begun = await stubApi((response) => void response.writeHead(200).write('{'));
    for (const { url } of [silent, begun]) {
      const model = anthropicModel({ apiKey: 'k', baseURL: url });
      expect(isFree(await failureOf(model.invoke(sampleRequest({ timeoutMs: 150 }))))).toBe(false);
    }
  });

  it.each(['overloaded_error', 'rate_limit_error', 'invalid_request_error', 'api_error'])(
    'if a stream ends with %s',
    async (type) => {
      const { url } = await stubApi((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`event: error\ndata: ${JSON.stringify({ type: 'error', error: { type, message: 'no' } })}\n\n`);
      });
      const model = anthropicModel({ apiKey: 'k', baseURL: url });
      expect(isFree(await failureOf(model.invoke(sampleRequest({ maxTokens: 16_000 }))))).toBe(false);
    },
  );
});
