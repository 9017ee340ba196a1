import { expect, it } from 'vitest';
import { collectSources } from '#systems/research/sources/collect.ts';
import type { Company } from '#systems/research/sources/company.ts';
import { redirectTo, smallWeb, type Site } from '#test/adapters/web/support.ts';

const LONG = 'This sentence makes the page long enough to be a document that says something to its reader.';
const page = (title: string) => `<title>${title}</title><article><h1>${title}</h1><p>${title}. ${LONG}</p></article>`;
const SITES = {
  'post.test/1': page('Acme buys Bolt'),
  'blog.acme.test/2': page('We buy Bolt'),
};
const FOUND = ['http://post.test/1', 'http://blog.acme.test/2', 'http://169.254.169.254/latest', 'http://gone.test/'];

async function collect(company: Company, sites: Readonly<Record<string, Site | string>> = SITES, found = FOUND) {
  const web = await smallWeb({ 'acme.test/': page('Acme'), ...sites });
  for (;;) {
    const result = await collectSources(company, { fetcher: web.fetcher, night: '2026-11-23', found });
    if (result.kind === 'collected') return result;
    web.clock.advance(Math.max(1, result.at - web.clock.now()));
  }
}

it('what a search found is read as the word of others, unless the company’s own site has it', async () => {
  const { documents, failures } = await collect({ name: 'Acme', site: 'acme.test' });
  expect(documents.map(({ url, kind }) => [url, kind])).toEqual([
    ['http://acme.test/', 'home'],
    ['http://post.test/1', 'press'],
    ['http://blog.acme.test/2', 'news'],
  ]);
  // The fetcher’s guard holds for addresses that a model names.
  expect(failures.map(({ url }) => url)).toEqual(expect.arrayContaining(FOUND.slice(2)));
});

it('a company without a site or a number is read where the search found it, and is no failure', async () => {
  const { documents, failures } = await collect({ name: 'Acme' });
  expect(documents.map(({ kind }) => kind)).toEqual(['press', 'press']);
  expect(failures.map(({ url }) => url)).toEqual(FOUND.slice(2));
});

it('whose word it is follows from where the page lies, not from the address that led there', async () => {
  const sites = {
    ...SITES,
    'acme.test/out': redirectTo('http://post.test/1'),
    'short.test/2': redirectTo('http://blog.acme.test/2'),
  };
  const { documents } = await collect({ name: 'Acme', site: 'acme.test' }, sites, [
    'http://acme.test/out',
    'http://short.test/2',
  ]);
  expect(documents.slice(1).map(({ url, kind }) => [url, kind])).toEqual([
    ['http://post.test/1', 'press'],
    ['http://blog.acme.test/2', 'news'],
  ]);
});

it('a company’s site may have moved', async () => {
  const sites = {
    'acme.test/': redirectTo('http://bolt.test/'),
    'bolt.test/': page('Bolt'),
    'bolt.test/3': page('New'),
  };
  const { documents } = await collect({ name: 'Acme', site: 'acme.test' }, sites, ['http://bolt.test/3']);
  expect(documents.map(({ url, kind }) => [url, kind])).toEqual([
    ['http://bolt.test/', 'home'],
    ['http://bolt.test/3', 'news'],
  ]);
});
