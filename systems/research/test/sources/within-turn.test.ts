import { expect, it } from 'vitest';
import type { Fetcher } from '#core/ports/fetcher.ts';
import { smallWeb } from '#test/adapters/web/support.ts';
import { collectSources } from '../../sources/collect.ts';
import { SEC_STAND_IN } from '../../sources/edgar.ts';
import { withinTurn } from '../../sources/within-turn.ts';

const LONG = 'This sentence makes the page long enough to be a document that says something to its reader.';
const NIGHT = '2026-11-23';
const SITE = {
  'acme.test/robots.txt': 'User-agent: *\nAllow: /',
  'acme.test/': `<title>Acme</title><p>${LONG}</p><a href="/pricing">Pricing</a><a href="/careers">Careers</a>`,
  'acme.test/pricing': `<title>Pricing</title><p>Basic costs $5 a month.</p><p>${LONG}</p>`,
  'acme.test/careers': `<title>Careers</title><p>Welder, Ghent.</p><p>${LONG}</p>`,
};
const never = <T>(): Promise<T> => new Promise(() => undefined);

/** What is collected of the site by a worker some of whose requests hang. The night's pages are there already. */
async function collected(hanging: (fetcher: Fetcher) => Partial<Fetcher>, leftMs: number) {
  const { fetcher, clock } = await smallWeb(SITE);
  const collect = (by: Fetcher) =>
    collectSources({ name: 'Acme', site: 'acme.test' }, { fetcher: by, night: NIGHT, edgar: SEC_STAND_IN });
  for (let found = await collect(fetcher); found.kind === 'later'; found = await collect(fetcher))
    clock.advance(Math.max(1, found.at - clock.now()));
  const hung = { ...fetcher, ...hanging(fetcher) };
  return { found: await collect(withinTurn(hung, clock, clock.now() + leftMs)), now: clock.now() };
}

it('a page that does not answer before the deadline of its task costs none of the others', async () => {
  const { found, now } = await collected(
    (web) => ({ fetch: (request) => (request.url.endsWith('/careers') ? never() : web.fetch(request)) }),
    15_050,
  );
  expect(found).toMatchObject({
    kind: 'later',
    at: now,
    soFar: { documents: [{ kind: 'pricing' }], failures: [{ url: 'http://acme.test/careers' }] },
  });
});

it('a robots.txt that does not answer before the deadline costs no page', async () => {
  const { found } = await collected(() => ({ sitemaps: never }), 15_050);
  expect(found).toMatchObject({ kind: 'collected', documents: [{}, {}, {}] });
});

it('asks for nothing when the time that is left is for keeping what there is', async () => {
  const { found } = await collected(() => ({ fetch: never }), 15_000);
  expect(found).toMatchObject({ kind: 'later', soFar: { documents: [] } });
});
