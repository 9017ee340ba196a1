import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { startSimulatedWeb, type SimulatedWeb, type SimulatedWebOptions } from '../src/index.ts';

/** Starts a web that ends with the test. */
export async function startWeb(options: SimulatedWebOptions = {}): Promise<SimulatedWeb> {
  const web = await startSimulatedWeb(options);
  onTestFinished(() => web.close());
  return web;
}

/** A web without faults but those at the first company, which is returned too. */
export async function startFaulty(fault: string, options: SimulatedWebOptions = {}) {
  const [{ id } = { id: '' }] = (await startWeb({ ...options, faults: { share: 0 } })).companies;
  const web = await startWeb({ ...options, faults: { share: 0, at: { [id]: [fault as 'dead'] } } });
  const [company] = web.companies;
  if (company === undefined) throw new Error('There is no company.');
  return { web, company };
}

/** A clock on which every request comes long after the one before, so that no limit is reached. */
export function unhurried(): () => number {
  let now = 0;
  return () => (now += 200);
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const AGENT = 'tests (+mailto:tests@example.com)';

/** Gets a page of a host as bytes in latin1, or of UTF-8. Follows no redirect. */
export async function get(
  web: SimulatedWeb,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  encoding: 'utf8' | 'latin1' = 'utf8',
): Promise<Got> {
  const { host, pathname, search } = new URL(url);
  const outgoing = httpRequest({
    host: '127.0.0.1',
    port: web.port,
    path: `${pathname}${search}`,
    headers: { host, 'user-agent': AGENT, ...headers },
    agent: false,
  });
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject).on('response', (response) => {
      response.setEncoding(encoding);
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    outgoing.end();
  });
}

/** The text that a reader sees of the element with an id. */
export function textOf(page: string, id: string): string | undefined {
  const inner = new RegExp(`id="${id}"[^>]*>(.*?)</p>`, 's').exec(page)?.[1];
  return inner === undefined ? undefined : plain(inner);
}

const plain = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/** All addresses in the sitemaps of a host. */
export async function sitemapOf(web: SimulatedWeb, host: string): Promise<string[]> {
  const { body } = await get(web, `http://${host}/sitemap.xml`);
  return [...body.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url = '']) => plain(url));
}

/** All pages of a host in its sitemap, which can be an index of one more. */
export async function pagesOf(web: SimulatedWeb, host: string): Promise<string[]> {
  const urls = await sitemapOf(web, host);
  const [part] = urls;
  if (part === undefined || !part.includes('/sitemaps/')) return urls;
  const { body } = await get(web, part, {}, 'latin1');
  const content = part.endsWith('.gz') ? gunzipSync(Buffer.from(body, 'latin1')).toString() : body;
  return [...content.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url = '']) => url);
}
