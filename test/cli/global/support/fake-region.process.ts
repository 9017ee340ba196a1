import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { FromRegion, RegionSpec, ToRegion } from '#cli/global/region/messages.ts';
import type { NetworkPath } from '#cli/global/network.ts';

/** A process that talks as a region does, and has no cloud. A data folder with `broken` in its name does not start, `endless` starts for ever. */
const tell = (message: FromRegion): void => void process.send?.(message);

function serve({ peers, secret, port, apiPort, dataDir }: RegionSpec): void {
  if (dataDir.includes('broken')) {
    tell({ kind: 'failed', message: 'The disk is full.', remedy: 'Free some space.' });
    return process.disconnect();
  }
  if (dataDir.includes('endless')) return tell({ kind: 'about', text: 'the first of many tables' });
  let network: NetworkPath[] = peers.map(({ region: to }) => ({
    to,
    roundTripMs: 1,
    jitterMs: 0,
    loss: 0,
    cut: false,
  }));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.authorization !== `Bearer ${secret}`) return void response.writeHead(403).end();
    if (request.method === 'PUT') {
      const changes = JSON.parse(await text(request)) as NetworkPath[];
      network = network.map((way) => ({ ...way, ...changes.find(({ to }) => to === way.to) }));
    }
    const replication = { underWay: 0, conflicts: 0, lagMsP99: 0, lagMsMax: 0 };
    response.end(JSON.stringify({ replication, network }));
  };
  createServer((request, response) => void answer(request, response)).listen(port, '127.0.0.1', () => {
    tell({ kind: 'about', text: 'a table' });
    const api = { url: `http://127.0.0.1:${apiPort}`, table: 'state', usagePlan: 'plan', callbackSecret: 'secret' };
    tell({ kind: 'up', endpoint: `http://127.0.0.1:${port}`, api, outputs: {} });
  });
}

process.on('message', (message: ToRegion) => {
  if (message.kind === 'start') serve(message.spec);
  else process.exit();
});
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined);
