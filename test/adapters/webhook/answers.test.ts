import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { certificateFor } from '../support/certificate.ts';
import { sendJson, stubApi } from '../support/stub-api.ts';
import { delivery, webhook } from './support.ts';

describe('a receiver’s response', () => {
  it('is its status, and redirects are not followed', async () => {
    const elsewhere = await stubApi((response) => sendJson(response, 200, {}));
    const receiver = await stubApi((response) => sendJson(response, 307, {}, { location: elsewhere.url }));
    expect(await webhook().deliver(delivery(receiver.url))).toMatchObject({ kind: 'answered', status: 307 });
    expect(elsewhere.requests).toEqual([]);
  });

  it('may ask for a delay, in seconds or as a date', async () => {
    const now = Date.UTC(2026, 10, 25, 12);
    const clock = { now: () => now };
    const date = new Date(now + 90_000).toUTCString();
    const answers = ['120', date, 'soon'];
    const receiver = await stubApi((response, _, count) =>
      sendJson(response, 503, {}, { 'retry-after': answers[count - 1] ?? '' }),
    );
    const asked = [];
    for (const _ of answers) asked.push(await webhook({ clock }).deliver(delivery(receiver.url)));
    expect(asked).toMatchObject([{ retryAfterMs: 120_000 }, { retryAfterMs: 90_000 }, { status: 503 }]);
    expect(asked[2]).not.toHaveProperty('retryAfterMs');
  });

  it('is quoted in part if it is an error, and not read to its end', async () => {
    const receiver = await stubApi((response) => {
      const more = (): void => {
        while (response.write('no '.repeat(10_000)));
        response.once('drain', more);
      };
      response.writeHead(400);
      more();
    });
    const result = await webhook().deliver(delivery(receiver.url));
    expect(result).toMatchObject({ kind: 'answered', status: 400, excerpt: expect.stringMatching(/^no no .*…$/) });
  });

  it('counts even if its body never ends', async () => {
    const receiver = await stubApi((response) => response.writeHead(206).write('a'));
    expect(await webhook({ timeLimitMs: 1_000 }).deliver(delivery(receiver.url))).toMatchObject({ status: 206 });
  });
});

describe('a receiver without a response', () => {
  it('times out', async () => {
    const receiver = await stubApi(() => undefined);
    const result = await webhook({ timeLimitMs: 50 }).deliver(delivery(receiver.url));
    expect(result).toMatchObject({ kind: 'failed', failure: 'timeout' });
  });

  it('that hangs up or does not listen is unreachable, and the reason has no URL', async () => {
    const receiver = await stubApi((response) => response.destroy());
    const result = await webhook().deliver(delivery(`${receiver.url}/secret-path`));
    expect(result).toMatchObject({ kind: 'failed', failure: 'unreachable' });
    expect(JSON.stringify(result)).not.toContain('secret-path');
    const closed = await closedPort();
    const nobody = await webhook().deliver(delivery(`http://127.0.0.1:${closed}/`));
    expect(nobody).toMatchObject({ failure: 'unreachable', reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('that does not speak HTTP is unreachable', async () => {
    const server = createServer((socket) => socket.end('220 mail.example ESMTP\r\n')).listen(0, '127.0.0.1');
    const { promise, resolve } = Promise.withResolvers<void>();
    server.once('listening', resolve);
    await promise;
    const { port } = server.address() as AddressInfo;
    expect(await webhook().deliver(delivery(`http://127.0.0.1:${port}/`))).toMatchObject({ failure: 'unreachable' });
    server.close();
  });
});

describe('TLS', () => {
  const certificate = certificateFor('receiver.example');
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const open = async () => stubApi((response) => sendJson(response, 200, {}), certificate);

  it('a trusted certificate for the name is accepted, although the connection uses an address', async () => {
    const { port } = await open();
    const called = webhook({ resolve, ca: certificate.cert });
    expect(await called.deliver(delivery(`https://receiver.example:${port}/`))).toMatchObject({ status: 200 });
  });

  it('an untrusted certificate is rejected', async () => {
    const { port, requests } = await open();
    const result = await webhook({ resolve }).deliver(delivery(`https://receiver.example:${port}/`));
    expect(result).toMatchObject({ kind: 'failed', failure: 'untrusted' });
    expect(requests).toEqual([]);
  });

  it('a certificate for another name is rejected', async () => {
    const { port, requests } = await open();
    const called = webhook({ resolve, ca: certificate.cert });
    const result = await called.deliver(delivery(`https://other.example:${port}/`));
    expect(result).toMatchObject({ kind: 'failed', failure: 'untrusted' });
    expect(requests).toEqual([]);
  });
});

/** A port that was free just now. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
