import type { TakesRequests } from '../gateway/handling.ts';
import { handleControl } from './control.ts';
import { sendToPeer, serveFromPeer } from './crossing.ts';
import { HEADERS } from './headers.ts';
import type { Regions } from './regions.ts';

/** The paths of the control endpoint and of replication. They are the names of no bucket. */
const OWN_PATH = /^\/_regions(?:[/?]|$)/;

/** Services that are the same in all regions. */
const GLOBAL_SERVICES = new Set(['sts']);

/** Takes the requests that concern other regions: those for them, those from them, and the control endpoint. */
export const regionsGate = (regions: Regions): TakesRequests => ({
  take: (request, response, signed, handling) => {
    const { url = '/', headers } = request;
    if (OWN_PATH.test(url)) void handleControl(regions, request, response, signed, handling);
    else if (headers[HEADERS.secret] !== undefined) void serveFromPeer(regions, request, response, handling);
    else if (signed.kind === 'signed' && isElsewhere(regions.here, signed.signature, url)) {
      void sendToPeer(regions, request, response, signed, handling);
    } else return false;
    return true;
  },
});

/** Whether another region serves a request. An API decides for itself how its callers sign. */
function isElsewhere(
  here: string,
  { region, service }: { readonly region: string; readonly service: string },
  url: string,
): boolean {
  return region !== here && !GLOBAL_SERVICES.has(service) && !url.startsWith('/_aws/execute-api/');
}
