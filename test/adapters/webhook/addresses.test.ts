import { describe, expect, it } from 'vitest';
import { sendJson, stubApi } from '../support/stub-api.ts';
import { delivery, webhook } from './support.ts';

const resolvesTo =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const REFUSED = { kind: 'failed', failure: 'refused' };

describe('outside development', () => {
  const outside = { privateAddresses: false };

  it('a receiver on this machine is never called', async () => {
    const receiver = await stubApi((response) => sendJson(response, 200, {}));
    for (const url of [receiver.url, `https://127.0.0.1:${receiver.port}/`, `https://localhost:${receiver.port}/`]) {
      expect(await webhook(outside).deliver(delivery(url))).toMatchObject(REFUSED);
    }
    expect(receiver.requests).toEqual([]);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])('a name that resolves to %s is not called', async (address) => {
    const called = webhook({ ...outside, resolve: resolvesTo(address) });
    expect(await called.deliver(delivery('https://receiver.example/'))).toMatchObject(REFUSED);
  });

  it('one forbidden address among allowed ones rejects them all', async () => {
    const called = webhook({ ...outside, resolve: resolvesTo('93.184.215.14', '10.0.0.1') });
    expect(await called.deliver(delivery('https://receiver.example/'))).toMatchObject(REFUSED);
  });
});

describe('in development', () => {
  it('a receiver on this machine is called, but never the metadata address', async () => {
    const receiver = await stubApi((response) => sendJson(response, 200, {}));
    expect(await webhook().deliver(delivery(receiver.url))).toEqual({ kind: 'answered', status: 200 });
    expect(await webhook().deliver(delivery('http://169.254.169.254/latest/meta-data'))).toMatchObject(REFUSED);
    const called = webhook({ resolve: resolvesTo('169.254.169.254') });
    expect(await called.deliver(delivery('http://receiver.example/'))).toMatchObject(REFUSED);
  });
});

describe('a name', () => {
  it('is resolved once: the connection uses the checked address, and the headers the name', async () => {
    const receiver = await stubApi((response) => sendJson(response, 200, {}));
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return asked === 1 ? [{ address: '127.0.0.1', family: 4 }] : [{ address: '192.0.2.1', family: 4 }];
    };
    const url = `http://receiver.example:${receiver.port}/`;
    expect(await webhook({ resolve }).deliver(delivery(url))).toMatchObject({ status: 200 });
    expect(asked).toBe(1);
    expect(receiver.requests[0]?.headers.host).toBe(`receiver.example:${receiver.port}`);
  });

  it('that does not resolve, or takes too long, fails within the time limit', async () => {
    const nowhere = webhook({ resolve: resolvesTo() });
    expect(await nowhere.deliver(delivery('https://receiver.example/'))).toMatchObject({ failure: 'unknown-host' });
    const never = webhook({ timeLimitMs: 20, resolve: () => new Promise(() => undefined) });
    expect(await never.deliver(delivery('https://receiver.example/'))).toMatchObject({ failure: 'timeout' });
  });
});
