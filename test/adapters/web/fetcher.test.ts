import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { insist, NIGHT, UNHURRIED, paragraphs, redirectTo, sendPage, smallWeb } from './support.ts';

const NEXT_NIGHT = '2026-11-24';
const page = (url: string) => ({ url, night: NIGHT });

describe('a page', () => {
  it('is fetched with a name, a contact and no cookies, and kept as text', async () => {
    let agent: string | undefined;
    const web = await smallWeb({
      'shop.test/a': (request, response) => {
        agent = request.headers['user-agent'];
        sendPage(response, '<title>Prices</title><p>Basic costs $5.</p><p>Pro costs $9.</p>');
      },
    });
    const found = await web.fetcher.fetch(page('http://shop.test/a?utm_source=x#top'));
    expect(found).toMatchObject({
      kind: 'page',
      changed: true,
      page: { url: 'http://shop.test/a', title: 'Prices', text: 'Basic costs $5.\nPro costs $9.', before: null },
    });
    expect(agent).toBe('agent-fleet/0.2 (+https://fleet.example/crawler)');
  });

  it('is fetched once a night, by all workers together and after a crash', async () => {
    const web = await smallWeb({ 'shop.test/a': paragraphs('hello') }, UNHURRIED);
    const both = await Promise.all([
      insist(web, 'http://shop.test/a'),
      insist(web, 'http://shop.test/a', web.another()),
    ]);
    expect(both.map(({ kind }) => kind)).toEqual(['page', 'page']);
    // A worker that starts anew knows only what is stored.
    expect(await web.another().fetch(page('http://shop.test/a'))).toMatchObject({ kind: 'page' });
    expect(web.asked.filter((path) => path === 'shop.test/a')).toHaveLength(1);
    expect(web.asked.filter((path) => path === 'shop.test/robots.txt')).toHaveLength(1);
  });

  it('that did not change is not sent again the next night', async () => {
    const seen: (string | undefined)[] = [];
    const web = await smallWeb({
      'shop.test/a': (request, response) => {
        const known = request.headers['if-none-match'];
        seen.push(known, request.headers['if-modified-since']);
        if (known === '"v1"') response.writeHead(304).end();
        else
          sendPage(response, paragraphs('hello'), { etag: '"v1"', 'last-modified': 'Mon, 23 Nov 2026 00:00:00 GMT' });
      },
    });
    const first = await web.fetcher.fetch(page('http://shop.test/a'));
    const second = await web.fetcher.fetch({ url: 'http://shop.test/a', night: NEXT_NIGHT });
    expect(first).toMatchObject({ kind: 'page', changed: true });
    expect(second).toMatchObject({ kind: 'page', changed: false, page: { text: 'hello', night: NEXT_NIGHT } });
    expect(seen).toEqual([undefined, undefined, '"v1"', 'Mon, 23 Nov 2026 00:00:00 GMT']);
  });

  it('that never changes is taken from an earlier night', async () => {
    const web = await smallWeb({ 'shop.test/a': paragraphs('hello') });
    await web.fetcher.fetch(page('http://shop.test/a'));
    const asked = web.asked.length;
    const again = await web.fetcher.fetch({ url: 'http://shop.test/a', night: NEXT_NIGHT, fixed: true });
    expect(again).toMatchObject({ kind: 'page', changed: false, page: { text: 'hello', night: NEXT_NIGHT } });
    expect(web.asked).toHaveLength(asked);
  });

  it('changed if its words differ, and not if only its markup does', async () => {
    const bodies = ['<p>five  dollars</p>', '<div>five dollars<script>1</script></div>', '<p>six dollars</p>'];
    const web = await smallWeb({ 'shop.test/a': (_request, response) => sendPage(response, bodies.shift() ?? '') });
    const changed = [];
    for (const night of ['2026-11-23', '2026-11-24', '2026-11-25']) {
      const found = await web.fetcher.fetch({ url: 'http://shop.test/a', night });
      changed.push(found.kind === 'page' && found.changed);
    }
    expect(changed).toEqual([true, false, true]);
  });
});

describe('a redirect', () => {
  it('is followed, and robots.txt of the other host is asked', async () => {
    const web = await smallWeb({
      'shop.test/a': redirectTo('http://other.test/b', 301),
      'other.test/robots.txt': 'User-agent: *\nDisallow: /c',
      'other.test/b': paragraphs('there'),
      'shop.test/c': redirectTo('http://other.test/c'),
    });
    expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ page: { url: 'http://other.test/b' } });
    expect(await web.fetcher.fetch(page('http://shop.test/c'))).toMatchObject({ failure: 'robots' });
    expect(web.asked).not.toContain('other.test/c');
  });

  it('in a circle, or one of a hundred, ends', async () => {
    const web = await smallWeb({
      'shop.test/a': redirectTo('/b'),
      'shop.test/b': redirectTo('/a'),
      ...Object.fromEntries(
        Array.from({ length: 100 }, (_, index) => [`shop.test/${index}`, redirectTo(`/${index + 1}`)]),
      ),
    });
    expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ failure: 'redirects' });
    expect(await web.fetcher.fetch(page('http://shop.test/0'))).toMatchObject({ failure: 'redirects' });
    expect(web.asked).toContain('shop.test/5');
    expect(web.asked).not.toContain('shop.test/6');
  });
});

describe('a body', () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1_024 * 1_024));

  it('is unpacked', async () => {
    const web = await smallWeb({
      'shop.test/a': (_request, response) =>
        sendPage(response, gzipSync(paragraphs('packed')), { 'content-encoding': 'gzip' }),
    });
    expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ page: { text: 'packed' } });
  });

  it.each([
    ['a gzip bomb', { 'content-encoding': 'gzip' }],
    ['a gzip bomb in a file', { 'content-type': 'application/gzip' }],
  ])('that is %s is cut', async (_name, headers) => {
    const web = await smallWeb({ 'shop.test/a': (_request, response) => sendPage(response, bomb, headers) });
    const before = process.memoryUsage().rss;
    expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ failure: 'too-large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1_024 * 1_024);
  });

  it('without an end is cut', async () => {
    const web = await smallWeb({
      'shop.test/a': (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          response.once('drain', more);
        };
        more();
      },
    });
    expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ failure: 'too-large' });
  });

  it('that never comes is given up', async () => {
    const web = await smallWeb(
      {
        'shop.test/a': (_request, response) =>
          void response.writeHead(200, { 'content-type': 'text/html' }).write('<p>'),
      },
      { limits: { redirects: 5, timeMs: 300, bytes: 1_000 } },
    );
    for (let round = 0; round < 2; round += 1)
      expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ failure: 'timeout' });
    expect(web.asked.filter((path) => path === 'shop.test/a')).toHaveLength(1);
  });

  it.each(['image/png', 'application/zip', 'application/octet-stream', 'video/mp4', 'application/pdf'])(
    'of type %s is not read',
    async (type) => {
      const web = await smallWeb({
        'shop.test/a': (_request, response) => sendPage(response, 'x', { 'content-type': type }),
      });
      expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ failure: 'type' });
    },
  );

  it.each([
    ['the header', 'text/html; charset=iso-8859-1', Buffer.from('<p>Zürich</p>', 'latin1')],
    ['the byte order mark', 'text/html', Buffer.from('\uFEFF<p>Zürich</p>', 'utf16le')],
    ['its bytes, where the header is wrong', 'text/html; charset=iso-8859-1', Buffer.from('<p>Zürich</p>')],
    ['a meta element', 'text/html', Buffer.from('<meta charset="windows-1252"><p>Zürich</p>', 'latin1')],
    ['no declaration, as UTF-8', 'text/html', Buffer.from('<p>Zürich</p>')],
    ['no declaration, as Windows-1252', 'text/html', Buffer.from('<p>Zürich</p>', 'latin1')],
    ['a charset that nobody knows', 'text/html; charset=nonsense', Buffer.from('<p>Zürich</p>')],
  ])('has its charset by %s', async (_by, type, body) => {
    const web = await smallWeb({
      'shop.test/a': (_request, response) => sendPage(response, body, { 'content-type': type }),
    });
    expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ page: { text: 'Zürich' } });
  });
});

describe('a failure', () => {
  it('to connect may be an accident, once', async () => {
    const web = await smallWeb({ 'shop.test/a': (request) => void request.socket.destroy() });
    expect((await web.fetcher.fetch(page('http://shop.test/a'))).kind).toBe('later');
    expect(await insist(web, 'http://shop.test/a')).toMatchObject({ failure: 'unreachable' });
    expect(web.asked.filter((path) => path === 'shop.test/a')).toHaveLength(2);
  });

  it.each([
    [404, 'not-found'],
    [410, 'not-found'],
    [401, 'denied'],
    [403, 'denied'],
    [418, 'status'],
  ])('of status %i is an answer, and not asked for again', async (status, failure) => {
    const web = await smallWeb({ 'shop.test/a': (_request, response) => sendPage(response, 'no', {}, status) });
    for (let round = 0; round < 2; round += 1)
      expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ failure });
    expect(web.asked.filter((path) => path === 'shop.test/a')).toHaveLength(1);
  });

  it('that a page tells with status 200 is one', async () => {
    const web = await smallWeb({ 'shop.test/a': '<title>404 Not Found</title><p>Try our home page.</p>' });
    expect(await web.fetcher.fetch(page('http://shop.test/a'))).toMatchObject({ failure: 'not-found' });
  });

  it('of throttling holds every worker back from the whole site for as long as it asks', async () => {
    const web = await smallWeb({
      'www.shop.test/a': (_request, response) => sendPage(response, 'slow', { 'retry-after': '90' }, 429),
      'www.shop.test/b': paragraphs('b'),
    });
    const at = web.clock.now() + 90_000;
    const first = await web.fetcher.fetch(page('http://www.shop.test/a'));
    expect(first.kind === 'later' && first.at >= at).toBe(true);
    const second = await web.another().fetch(page('http://www.shop.test/b'));
    expect(second.kind === 'later' && second.at >= at).toBe(true);
    expect(web.asked).not.toContain('www.shop.test/b');
    web.clock.advance(100_000);
    expect(await web.another().fetch(page('http://www.shop.test/b'))).toMatchObject({ kind: 'page' });
  });
});
