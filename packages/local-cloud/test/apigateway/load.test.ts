import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { loadApi } from './load.support.ts';

const { url, get } = loadApi();
const SERVED = Array.from({ length: 20 }, () => 200);
const twenty = (): Promise<number[]> => Promise.all(SERVED.map(() => get(new Agent())));

test('survives clients that disconnect during a request or before the response', async () => {
  const { port } = url();
  const leave = async (text: string) => {
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(text);
    socket.resetAndDestroy();
  };
  const head = 'POST / HTTP/1.1\r\nHost: local\r\nContent-Length: 100000\r\n\r\n';
  await Promise.all(Array.from({ length: 50 }, (_, index) => leave(head + 'x'.repeat(index * 100))));
  await Promise.all(Array.from({ length: 50 }, () => leave('GET / HTTP/1.1\r\nHost: local\r\n\r\n')));
  await Promise.all(Array.from({ length: 10 }, () => leave('not HTTP\r\n\r\n')));
  // The function still runs for some of them: it is throttled until they end.
  await vi.waitFor(async () => expect(await twenty()).toEqual(SERVED), 90_000);
});

test('a slow client gets its response and does not delay others', async () => {
  const slow = request(url(), { method: 'POST', headers: { 'content-length': 10 } });
  slow.write('12345');
  expect(await twenty()).toEqual(SERVED);
  slow.end('67890');
  const [response] = (await once(slow, 'response')) as [import('node:http').IncomingMessage];
  expect(Buffer.concat((await response.toArray()) as Buffer[]).toString()).toBe('1234567890');
});

test('serves several requests on one connection', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let connections = 0;
  for (let i = 0; i < 5; i++) {
    const sent = request(url(), { agent });
    sent.once('socket', (socket) => void (socket.connecting && connections++));
    sent.end();
    const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
    response.resume();
    await once(response, 'end');
  }
  agent.destroy();
  expect(connections).toBe(1);
});
