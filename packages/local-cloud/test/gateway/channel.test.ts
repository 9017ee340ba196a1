import { once } from 'node:events';
import type http from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test, vi } from 'vitest';
import { requestOver } from '../../src/gateway/channel/calls.worker.ts';
import { serveChannel } from '../../src/gateway/channel/serve.ts';
import type { WatchCalls } from '../../src/gateway/watch.ts';
import { readBody, send } from '../../src/services/http.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** Both ends of a channel. `overSocket` counts what is not sent over it. */
function channel(handle: Handle, watch?: WatchCalls) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  serveChannel(port1, handle, watch);
  const overSocket = vi.fn<() => void>();
  const request = requestOver(port2, 'http://127.0.0.1:4566', overSocket as unknown as typeof http.request);
  const open = (options: RequestOptions): ClientRequest =>
    request({ host: '127.0.0.1', port: 4566, method: 'POST', path: '/', headers: {}, ...options });
  return { open, overSocket, gateway: port1 };
}

async function answerOf(call: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  return answer;
}

const echo: Handle = (request, response) =>
  void readBody(request, 1000).then((body) =>
    send(response, 201, JSON.stringify([request.method, request.url, request.headers, body.toString()])),
  );

test('a request arrives as it was sent, and its response too', async () => {
  const { open } = channel(echo);
  const call = open({ path: '/bucket?list-type=2', headers: { 'X-Amz-Target': 'A.B', 'content-length': 7 } });
  call.end('Größe');
  const answer = await answerOf(call);
  expect(answer.statusCode).toBe(201);
  expect(answer.headers).toMatchObject({ 'x-amzn-requestid': expect.any(String) as string, 'content-length': '84' });
  expect(JSON.parse(await text(answer))).toEqual([
    'POST',
    '/bucket?list-type=2',
    { 'x-amz-target': 'A.B', 'content-length': '7' },
    'Größe',
  ]);
});

test('a watcher sees a call before it is handled, and its answer', async () => {
  const seen: unknown[] = [];
  const watch: WatchCalls = (call) => {
    seen.push(call);
    return call.target === 'A.Unwatched' ? undefined : (answer) => seen.push(answer);
  };
  const { open } = channel((_, response) => {
    seen.push('handled');
    send(response, 400, '{"no":1}');
  }, watch);
  const authorization =
    'AWS4-HMAC-SHA256 Credential=ASIA1/20261201/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=' +
    'ab'.repeat(32);
  const signed = { authorization, 'x-amz-date': '20261201T010203Z', 'x-amz-target': 'A.B' };
  for (const headers of [signed, { 'x-amz-target': 'A.Unwatched' }]) {
    const call = open({ headers });
    call.end('{"a":1}');
    await answerOf(call);
  }
  expect(seen).toEqual([
    { region: 'eu-west-1', target: 'A.B', body: '{"a":1}' },
    'handled',
    { status: 400, body: '{"no":1}' },
    { region: '', target: 'A.Unwatched', body: '{"a":1}' },
    'handled',
  ]);
});

test('bytes arrive as they are, in several parts too', async () => {
  const { open } = channel((request, response) => void readBody(request, 1000).then((body) => response.end(body)));
  const call = open({});
  call.write(Buffer.from([0, 255, 128]));
  call.end(Buffer.from([10, 13]));
  expect([...(await buffer(await answerOf(call)))]).toEqual([0, 255, 128, 10, 13]);
});

test('a body over the limit is rejected', async () => {
  const { open } = channel((request, response) => {
    readBody(request, 3).catch((error: unknown) => send(response, 413, String(error)));
  });
  const call = open({});
  call.end('four');
  expect((await answerOf(call)).statusCode).toBe(413);
});

test('a long response waits for its reader, chunk by chunk', async () => {
  let produced = 0;
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for (; produced < 100; produced++) yield Buffer.alloc(65_536, produced);
  };
  const { open } = channel((_, response) => Readable.from(chunks(), { objectMode: false }).pipe(response));
  const call = open({});
  call.end();
  const answer = await answerOf(call);
  await once(answer, 'readable');
  expect(produced).toBeLessThan(20);
  const bytes = await buffer(answer);
  expect(bytes.length).toBe(100 * 65_536);
  expect(bytes.at(-1)).toBe(99);
  expect(answer.complete).toBe(true);
});

test('a caller that no longer waits ends the response', async () => {
  const gone = Promise.withResolvers<boolean>();
  const { open } = channel((_, response) => {
    response.once('close', () => gone.resolve(response.writableFinished));
    call.destroy();
  });
  const call = open({});
  const failure = once(call, 'error');
  call.end();
  expect(await gone.promise).toBe(false);
  expect(await failure).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('a response that breaks off is an error for its reader', async () => {
  const { open } = channel((_, response) => {
    response.write('first');
    response.write('second', () => response.destroy());
  });
  const call = open({});
  call.end();
  await expect(text(await answerOf(call))).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('open calls fail when the gateway closes, and later ones too', async () => {
  const { open, gateway } = channel((_, response) => void response.req.resume());
  const call = open({});
  call.end(() => gateway.close());
  expect(await once(call, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
  const later = open({});
  later.end();
  expect(await once(later, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
});

test.each([
  ['another port', { port: 4400 }],
  ['another host', { host: 'example.com' }],
  ['a long body', { headers: { 'content-length': 2 ** 20 + 1 } }],
  ['a body of unknown length', { headers: { 'transfer-encoding': 'chunked' } }],
  ['a body that waits for a go-ahead', { headers: { Expect: '100-continue' } }],
])('%s needs a socket', (_, options) => {
  const { open, overSocket } = channel(echo);
  open(options);
  expect(overSocket).toHaveBeenCalledOnce();
});
