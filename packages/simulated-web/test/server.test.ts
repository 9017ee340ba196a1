import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AGENT, get, startWeb } from './support.ts';

describe('The server', () => {
  it('listens on the loopback interface alone', async () => {
    const web = await startWeb({ companies: 1 });
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.internal === false);
    if (outside === undefined) return;
    const socket = connect(web.port, outside.address);
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('logs who asked for what', async () => {
    const web = await startWeb({ companies: 1, faults: { share: 0 } });
    await get(web, `${web.companies[0]?.site}robots.txt`);
    await get(web, 'http://nowhere.test/page?x=1');
    expect(web.requests()).toMatchObject([
      { host: web.companies[0]?.host, path: '/robots.txt', userAgent: AGENT, conditional: false, status: 200 },
      { host: 'nowhere.test', path: '/page?x=1', status: 421 },
    ]);
  });

  it('is controlled by programs of this machine, and not by pages of others', async () => {
    const web = await startWeb({ companies: 20 });
    const set = (body: string, headers = {}) => fetch(`${web.url}/simulated/night`, { method: 'PUT', body, headers });
    expect(await (await set('{"night":4}')).json()).toEqual({ night: 4 });
    expect(web.night()).toBe(4);
    expect((await set('{"night":-1}')).status).toBe(400);
    expect((await set('night')).status).toBe(400);
    expect((await set('{"night":5}', { origin: 'http://evil.example' })).status).toBe(403);
    expect(web.night()).toBe(4);
    const { events } = (await (await fetch(`${web.url}/simulated/truth?night=4`)).json()) as { events: unknown };
    expect(events).toEqual(JSON.parse(JSON.stringify(web.truth(4))));
  });

  it('serves as a proxy too, so that a browser can show its sites', async () => {
    const web = await startWeb({ companies: 1, faults: { share: 0 } });
    const [{ site, name } = { site: '', name: '' }] = web.companies;
    const outgoing = request({
      host: '127.0.0.1',
      port: web.port,
      path: site,
      headers: { host: 'ignored.test' },
    }).end();
    const [response] = (await once(outgoing, 'response')) as [import('node:http').IncomingMessage];
    const chunks = await response.toArray();
    expect(chunks.join('')).toContain(name);
  });
});
