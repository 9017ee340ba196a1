import { failure, html, notFound, redirect, text, type Answer, type Asked } from '../http/answer.ts';
import { escape } from '../pages/html.ts';
import type { World } from '../world/world.ts';
import type { FaultName } from './names.ts';

const ROBOTS: Readonly<Partial<Record<FaultName, Answer>>> = {
  'robots-500': failure(500, 'Internal server error'),
  'robots-404': notFound(),
  'robots-403': failure(403, 'Forbidden'),
  'robots-html': html(
    '<!doctype html>\n<html lang="en"><head><title>Welcome</title></head><body><p>Welcome!</p></body></html>\n',
  ),
  'robots-disallow': text('User-agent: *\nDisallow: /\n'),
  'crawl-delay': text('User-agent: *\nCrawl-delay: 2\nDisallow: /search\n'),
};

/** What a host answers in the first second after its first page of a night. */
const BUSY: Readonly<Partial<Record<FaultName, Answer>>> = {
  'rate-limit': failure(429, 'Too many requests', { 'retry-after': '1' }),
  unavailable: failure(503, 'Service unavailable', { 'retry-after': '1' }),
};

/** When the first page of a host was asked for in a night. */
type Firsts = Map<string, number>;

/** What a faulty host answers in place of its page; undefined: the page. */
export function answerBefore(world: World, asked: Asked, firsts: Firsts): Answer | undefined {
  const faults = world.faultsOf(asked.host);
  const isRobots = asked.path === '/robots.txt';
  for (const fault of faults) {
    const robots = ROBOTS[fault];
    if (isRobots && robots !== undefined) return robots;
    if (fault === 'gone-since-yesterday' && world.night >= 1 && !isRobots) return notFound();
    const busy = BUSY[fault];
    if (busy !== undefined && !isRobots) {
      const key = `${asked.host}/${world.night}`;
      const first = firsts.get(key) ?? world.options.now();
      firsts.set(key, first);
      if (world.options.now() - first < 1_000) return busy;
    }
    if (fault === 'login-wall') {
      if (asked.path === '/login') return html(LOGIN);
      if (isArticle(world, asked)) return redirect(`/login?next=${encodeURIComponent(asked.path)}`);
    }
  }
  return undefined;
}

const LOGIN = `<!doctype html>
<html lang="en"><head><title>Log in to continue</title></head><body><h1>Log in to continue reading</h1>
<form method="post"><input name="email" type="email"><input name="password" type="password"><button>Log in</button></form></body></html>
`;

const isArticle = (world: World, { host, path }: Asked): boolean =>
  path.startsWith(`${world.styleOf(host).news}/`) || /^\/\d{4}\/\d{2}\/\d{2}\//.test(path);

/** What a faulty host makes of its page. */
export function answerAfter(world: World, asked: Asked, answer: Answer): Answer {
  if (answer.stream !== undefined) return answer;
  return world.faultsOf(asked.host).reduce((changed, fault) => change(fault, asked, changed), answer);
}

function change(fault: FaultName, { path }: Asked, answer: Answer): Answer {
  if (fault === 'soft-404' && answer.status === 404) return html(answer.body.toString());
  if (!answer.type.startsWith('text/html') || answer.status !== 200) return answer;
  const page = answer.body.toString();
  if (fault === 'latin-1')
    return { ...answer, type: 'text/html', body: latin1(page.replace('<meta charset="utf-8">\n', '')) };
  if (fault === 'wrong-charset') return { ...answer, type: 'text/html; charset=iso-8859-1' };
  return fault === 'js-only' ? { ...answer, body: scripted(page, path) } : answer;
}

/** Characters that ISO-8859-1 does not have become character references. */
const latin1 = (page: string): Buffer =>
  Buffer.from(
    page.replaceAll(/[\u0100-\u{10ffff}]/gu, (each) => `&#${each.codePointAt(0)};`),
    'latin1',
  );

const scripted = (page: string, path: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Loading…</title></head><body><div id="root" data-path="${escape(path)}"></div>
<noscript>Please enable JavaScript to use this site.</noscript>
<script>document.open();document.write(new TextDecoder().decode(Uint8Array.from(atob("${Buffer.from(page).toString('base64')}"),(c)=>c.charCodeAt(0))));document.close();</script></body></html>
`;
