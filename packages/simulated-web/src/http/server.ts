import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerAfter, answerBefore } from '../faults/hosts.ts';
import { serveCompany } from '../hosts/company-site.ts';
import { EdgarGate, serveEdgar } from '../hosts/edgar.ts';
import { Newsroom, serveNews } from '../hosts/news-site.ts';
import { serveSearch } from '../hosts/search.ts';
import { rejectPages } from '../loopback.ts';
import { EDGAR_HOSTS, NEWS_HOSTS, SEARCH_HOST, type World } from '../world/world.ts';
import { failure, type Answer, type Asked } from './answer.ts';
import { serveControl } from './control.ts';
import type { RequestLog } from './log.ts';
import { send } from './send.ts';

/** Creates the HTTP server. It does not listen yet. */
export function createWebServer(world: World, log: RequestLog): Server {
  const hosts = new Hosts(world);
  const server = createServer((request, response) => {
    response.setHeader('x-simulated-web', 'true');
    const target = targetOf(request);
    if (target.host.endsWith('.test')) serveHost(hosts, log, target, { request, response });
    else if (!rejectPages(request, response)) void serveLoopback(world, log, { request, response });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Target {
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** The host and path of a request, which has them in one when it is sent to a proxy. */
function targetOf(request: IncomingMessage): Target {
  const [, proxied, rest] = /^http:\/\/([^/?#]+)([^#]*)/i.exec(request.url ?? '') ?? [];
  const url = rest === undefined ? (request.url ?? '/') : rest || '/';
  const host = (proxied ?? request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const at = url.indexOf('?');
  return at < 0 ? { host, path: url, query: '' } : { host, path: url.slice(0, at), query: url.slice(at + 1) };
}

async function serveLoopback(world: World, log: RequestLog, { request, response }: Exchange): Promise<void> {
  try {
    send(request, response, await serveControl(world, log, request), false);
  } catch (error) {
    send(request, response, failure(500, `The simulated web failed: ${String(error)}`), false);
  }
}

function serveHost(
  hosts: Hosts,
  log: RequestLog,
  { host, path, query }: Target,
  { request, response }: Exchange,
): void {
  const { headers, method = 'GET' } = request;
  const { world } = hosts;
  const entry = log.add({
    at: world.options.now(),
    night: world.night,
    host,
    method,
    path: query === '' ? path : `${path}?${query}`,
    userAgent: headers['user-agent'],
    conditional: headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined,
    status: 0,
  });
  if (world.has(host, 'dead')) return void request.socket.destroy();
  const asked = { host, method, path, query: new URLSearchParams(query), userAgent: headers['user-agent'] };
  try {
    entry.status = send(request, response, hosts.answer(asked), world.styleOf(host).compresses);
  } catch (error) {
    entry.status = send(request, response, failure(500, `The simulated web failed: ${String(error)}`), false);
  }
}

/** Who answers for which host. */
class Hosts {
  readonly world: World;
  private readonly newsroom: Newsroom;
  private readonly gate: EdgarGate;
  private readonly firsts = new Map<string, number>();

  constructor(world: World) {
    this.world = world;
    this.newsroom = new Newsroom(world);
    this.gate = new EdgarGate(world);
  }

  answer(asked: Asked): Answer {
    if (asked.method !== 'GET' && asked.method !== 'HEAD')
      return failure(405, 'Method not allowed', { allow: 'GET, HEAD' });
    const before = answerBefore(this.world, asked, this.firsts);
    return before ?? answerAfter(this.world, asked, this.pageOf(asked));
  }

  private pageOf(asked: Asked): Answer {
    const { host } = asked;
    const company = this.world.companyOf(host);
    if (company !== undefined) return serveCompany(this.world, company, asked);
    if (NEWS_HOSTS.includes(host)) return serveNews(this.world, this.newsroom, asked);
    if (EDGAR_HOSTS.includes(host)) return serveEdgar(this.world, this.gate, asked);
    if (host === SEARCH_HOST) return serveSearch(this.world, asked);
    return failure(421, 'No site has this name');
  }
}
