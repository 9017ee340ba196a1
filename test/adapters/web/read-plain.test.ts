import { describe, expect, it, test } from 'vitest';
import { readFeed } from '#adapters/web/read/feed.ts';
import { readPlain } from '#adapters/web/read/read-plain.ts';
import { NIGHT, secondsOfProcessor, sendPage, smallWeb } from './support.ts';

/** A zero-width space, a direction override, a soft hyphen, and "hi" in tag characters. */
const UNSEEN = '\u200b\u202e\u00ad\u{e0068}\u{e0069}';

describe.each([
  ['text/plain', `Prices${UNSEEN} fell`, 'Prices fell'],
  ['application/json', `{"text":"Prices${UNSEEN} fell"}`, '{"text":"Prices fell"}'],
  ['application/json', String.raw`{"text":"Prices\u200B\udb40\udc68 fell"}`, '{"text":"Prices fell"}'],
  ['application/xml', `<a>Prices${UNSEEN} fell</a>`, '<a>Prices fell</a>'],
  ['application/xml', '<a>Prices&#x200B;&#8238;&#xE0068; fell</a>', '<a>Prices fell</a>'],
  ['application/xml', '<a>Prices<!-- rose --> fell</a>', '<a>Prices fell</a>'],
  ['text/html', `<p>Prices${UNSEEN}&#x200b;<!-- rose --> fell</p>`, 'Prices fell'],
])('a body of type %s', (type, body, text) => {
  it(`is kept without what nobody sees: ${JSON.stringify(body)}`, async () => {
    const web = await smallWeb({
      'shop.test/a': (_request, response) => sendPage(response, body, { 'content-type': `${type}; charset=utf-8` }),
    });
    expect(await web.fetcher.fetch({ url: 'http://shop.test/a', night: NIGHT })).toMatchObject({ page: { text } });
  });
});

test('what is seen stays as it is', () => {
  const json = String.raw`{"a":"\"\\u200b \n\u00e9\ud83d\ude00\\","b":"\ud83d"}`;
  expect(readPlain('json', json)).toBe(json);
  const xml = '<a b="&#233;&amp;#x200b;&#1114112;"><![CDATA[<!-- text --> 1 > 0]]>é</a>';
  expect(readPlain('xml', xml)).toBe(xml);
});

test('a feed reads as before', () => {
  const feed = `<rss version="2.0"><!-- made --><channel><item><title>Acme&#x200b; grows</title><link>/1</link></item></channel></rss>`;
  expect(readFeed(readPlain('xml', feed), 'https://acme.example/')).toEqual([
    { url: 'https://acme.example/1', title: 'Acme grows' },
  ]);
});

test('a body that is made to take long does not', () => {
  const bodies = ['<!--'.repeat(700_000), '<![CDATA['.repeat(300_000), '<!---->'.repeat(400_000)];
  const seconds = secondsOfProcessor(() => {
    for (const body of bodies) readPlain('xml', body);
    readPlain('json', String.raw`\u200b`.repeat(400_000));
  });
  expect(seconds).toBeLessThan(3);
});
