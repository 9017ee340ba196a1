import { describe, expect, it } from 'vitest';
import { get } from '#adapters/web/get.ts';
import { NIGHT, paragraphs, redirectTo, smallWeb } from './support.ts';

/** What no fetch may reach, as a page or a model could write it. */
const FORBIDDEN = [
  // Schemes, credentials, ports.
  'file:///etc/passwd',
  'ftp://shop.example/a',
  'gopher://shop.example/',
  'javascript:alert(1)',
  'data:text/html,hello',
  'http://user:secret@shop.example/',
  'http://shop.example:22/',
  'http://shop.example:8080/',
  'https://shop.example:9200/',
  // This machine.
  'http://127.0.0.1/',
  'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
  'http://127.1/',
  'http://0x7f.0.0.1/',
  'http://2130706433/',
  'http://017700000001/',
  'http://0.0.0.0/',
  'http://[::1]/',
  'http://[::]/',
  'http://localhost/',
  'http://shop.localhost/',
  'http://localhost./',
  // Metadata and link-local.
  'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  'http://169.254.170.2/v2/credentials',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://[fe80::1]/',
  'http://100.100.100.200/',
  'http://168.63.129.16/',
  'http://metadata.google.internal/',
  // Private networks.
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://[fc00::1]/',
  'http://[fd12:3456::1]/',
  'http://printer/',
  'http://nas.local/',
  'http://router.lan/',
  // IPv4 in the clothes of IPv6, tunnels, reserved ranges.
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:8.8.8.8]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[64:ff9b::8.8.8.8]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[::127.0.0.1]/',
  'http://224.0.0.1/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
];

/** Addresses that a name may resolve to, and must not be called. */
const FORBIDDEN_ADDRESSES = [
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '169.254.170.2',
  '168.63.129.16',
  '100.100.100.200',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'fc00::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:169.254.169.254',
  '64:ff9b::7f00:1',
  '64:ff9b::808:808',
  '2002:7f00:1::',
  '2001:db8::1',
  'ff02::1',
];

describe('addresses that no page leads to', () => {
  it.each(FORBIDDEN)('%s is refused, named directly', async (url) => {
    const web = await smallWeb({});
    expect(await web.fetcher.fetch({ url, night: NIGHT })).toMatchObject({ kind: 'failed', failure: 'refused' });
    expect(web.asked).toEqual([]);
  });

  it.each(FORBIDDEN)('%s is refused, as the target of a redirect', async (url) => {
    const web = await smallWeb({ 'shop.test/': redirectTo(url) });
    const found = await web.fetcher.fetch({ url: 'http://shop.test/', night: NIGHT });
    expect(found).toMatchObject({ kind: 'failed', failure: 'refused' });
    expect(web.asked).toEqual(['shop.test/robots.txt', 'shop.test/']);
  });

  it.each(FORBIDDEN_ADDRESSES)('a name that resolves to %s is refused', async (address) => {
    const web = await smallWeb(
      { 'shop.test/': redirectTo('http://shop.example/') },
      { resolve: async () => [{ address, family: address.includes(':') ? 6 : 4 }] },
    );
    // The name's robots.txt is refused first, and a site whose robots.txt cannot be reached is not fetched.
    const found = await web.fetcher.fetch({ url: 'http://shop.example/', night: NIGHT });
    expect(found).toMatchObject({ kind: 'failed', failure: 'robots' });
    expect(await web.fetcher.fetch({ url: 'http://shop.test/', night: NIGHT })).toMatchObject({ kind: 'failed' });
    expect(web.asked).toEqual(['shop.test/robots.txt', 'shop.test/']);
  });

  it('one forbidden address among public ones refuses the name', async () => {
    const resolve = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    const web = await smallWeb({}, { resolve });
    const found = await web.fetcher.fetch({ url: 'http://shop.example/', night: NIGHT });
    expect(found).toMatchObject({ kind: 'failed', failure: 'robots' });
  });

  it('a robots.txt that redirects to the metadata service reaches nothing and forbids all', async () => {
    const web = await smallWeb({
      'shop.test/robots.txt': redirectTo('http://169.254.169.254/latest/meta-data/'),
      'shop.test/': paragraphs('hello'),
    });
    const found = await web.fetcher.fetch({ url: 'http://shop.test/', night: NIGHT });
    expect(found).toMatchObject({ kind: 'failed', failure: 'robots' });
    expect(web.asked).toEqual(['shop.test/robots.txt']);
  });
});

describe('the stand-in', () => {
  it('has the names below .test alone, and only over plain HTTP', async () => {
    const asked: string[] = [];
    const resolve = async (name: string) => {
      asked.push(name);
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const web = await smallWeb({ 'shop.test/': paragraphs('hello') }, { resolve });
    expect(await web.fetcher.fetch({ url: 'http://shop.test/', night: NIGHT })).toMatchObject({ kind: 'page' });
    expect(asked).toEqual([]);
    for (const url of [
      'https://shop.test/',
      'http://test.example/',
      'http://shop.test.example/',
      'http://shop.testing/',
    ])
      expect(await web.fetcher.fetch({ url, night: NIGHT })).toMatchObject({ kind: 'failed', failure: 'robots' });
    expect(asked).toEqual(['shop.test', 'test.example', 'shop.test.example', 'shop.testing']);
  });

  it('is there by configuration alone: without it, a name below .test is judged as any other', async () => {
    const web = await smallWeb(
      { 'shop.test/': paragraphs('hello') },
      { standIn: undefined, resolve: async () => [{ address: '127.0.0.1', family: 4 }] },
    );
    expect(await web.fetcher.fetch({ url: 'http://shop.test/', night: NIGHT })).toMatchObject({ kind: 'failed' });
    expect(web.asked).toEqual([]);
  });
});

describe('a name', () => {
  it('is not resolved again after its check: the connection goes to the checked address, the headers have the name', async () => {
    // Nobody resolves names below `.invalid`, so that a second look would fail (DNS rebinding).
    const web = await smallWeb({});
    const got = await get({
      url: new URL(`http://rebinding.invalid:${web.port}/page`),
      headers: {},
      addresses: [{ address: '127.0.0.1', family: 4 }],
      signal: AbortSignal.timeout(5_000),
      maxBytes: 1_000,
      wantsBody: () => true,
    });
    expect(got.status).toBe(404);
    expect(web.asked).toEqual([`rebinding.invalid:${web.port}/page`]);
  });
});
