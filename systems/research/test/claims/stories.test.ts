import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalUrl, storiesOf } from '../../claims/stories.ts';

const STORY =
  'Acme Corporation said on Monday that it will acquire Beta Systems for two hundred million dollars in cash to strengthen its position in the market for rocket skates and related equipment across Europe.';

test('one story on several sites is one', () => {
  const documents = [
    { url: 'https://acme.test/news/1', text: STORY },
    { url: 'https://wire.test/a', text: `(Reuters) - ${STORY}` },
    { url: 'https://paper.test/b?utm_source=x', text: `${STORY} Read more on our site today.` },
    { url: 'https://paper.test/b', text: 'An edited headline' },
    { url: 'https://acme.test/news/2', text: 'Acme opens a plant in Ohio with room for four hundred people.' },
  ];
  expect(storiesOf(documents).map((story) => story.length)).toEqual([4, 1]);
});

test('a short text inside a long one is not its story', () => {
  const long = `${STORY} ${'Then there is much more about other things that happened that week in the industry. '.repeat(5)}`;
  expect(
    storiesOf([
      { url: 'https://a.test/', text: long },
      { url: 'https://b.test/', text: STORY.slice(0, 90) },
    ]),
  ).toHaveLength(2);
});

test('every document is in exactly one story', () => {
  const document = fc.record({
    url: fc.webUrl(),
    text: fc.array(fc.constantFrom('acme', 'beta', 'sold', 'plant'), { maxLength: 40 }).map((words) => words.join(' ')),
  });
  fc.assert(
    fc.property(fc.array(document, { maxLength: 12 }), (documents) => {
      expect(new Set(storiesOf(documents).flat())).toEqual(new Set(documents));
      expect(storiesOf(documents).flat()).toHaveLength(documents.length);
    }),
  );
});

test('a canonical URL stays as it is', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
      expect(canonicalUrl(canonicalUrl(url))).toBe(canonicalUrl(url));
    }),
  );
});
