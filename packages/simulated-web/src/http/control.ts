import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { injectionsOf } from '../faults/injections.ts';
import { FAULTS } from '../faults/names.ts';
import { companyView } from '../view.ts';
import { trapsOf, truthOf } from '../truth.ts';
import { EDGAR_HOSTS, NEWS_HOSTS, SEARCH_HOST, type World } from '../world/world.ts';
import { failure, html, json, type Answer } from './answer.ts';
import type { RequestLog } from './log.ts';

export const nightSchema = z.int().min(0).max(3_650);

/** Answers on 127.0.0.1 itself: what the simulation knows, and the night. */
export async function serveControl(world: World, log: RequestLog, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const route = `${request.method} ${pathname}`;
  const night = (): number => nightSchema.parse(Number(searchParams.get('night') ?? world.night));
  try {
    switch (route) {
      case 'GET /':
        return html(startPage(world));
      case 'GET /simulated/night':
        return json({ night: world.night });
      case 'PUT /simulated/night':
      case 'POST /simulated/night':
        world.night = z.object({ night: nightSchema }).parse(JSON.parse(await bodyOf(request))).night;
        return json({ night: world.night });
      case 'GET /simulated/companies':
        return json({ companies: world.companies.map(companyView) });
      case 'GET /simulated/truth':
        return json({ night: night(), events: truthOf(world, night()) });
      case 'GET /simulated/traps':
        return json({ night: night(), traps: trapsOf(world, night()) });
      case 'GET /simulated/injections':
        return json({ injections: injectionsOf(world) });
      case 'GET /simulated/faults':
        return json({ faults: faultsView(world) });
      case 'GET /simulated/requests':
        return json({ requests: log.all() });
      case 'DELETE /simulated/requests':
        log.clear();
        return json({ requests: [] });
      default:
        return failure(404, 'Not found');
    }
  } catch (error) {
    if (error instanceof z.ZodError) return { ...json({ message: z.prettifyError(error) }), status: 400 };
    if (error instanceof SyntaxError) return { ...json({ message: 'The body is not valid JSON.' }), status: 400 };
    throw error;
  }
}

const MAX_BODY = 10_000;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_BODY) throw new SyntaxError('The body is too long.');
  }
  return body;
}

/** The faults of each company's site that has any. */
export const faultsView = (world: World) =>
  Object.fromEntries(
    [...world.companies.map(({ host }) => host), ...NEWS_HOSTS, ...EDGAR_HOSTS, SEARCH_HOST]
      .map((host) => [host, world.faultsOf(host)] as const)
      .filter(([, faults]) => faults.length > 0),
  );

function startPage(world: World): string {
  const rows = Object.entries(faultsView(world)).map(
    ([host, faults]) => `<li>${host}: ${faults.map((fault) => FAULTS[fault].says).join('; ')}</li>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The simulated web</title></head><body><h1>The simulated web</h1>
<p>This is a simulation. Its ${world.companies.length} companies have real names, and everything that it says about them is made up. It is night ${world.night}.</p>
<h2>Faults</h2><ul>${rows.join('\n')}</ul></body></html>
`;
}
