import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { UserError } from '../user-error.ts';

/** Where one region listens. */
export interface RegionPorts {
  /** The AWS endpoint. */
  readonly port: number;
  /** The task API. */
  readonly apiPort: number;
}

const FIRST = { port: 4566, apiPort: 4400 } as const;
const STEP = 10;

/** The task APIs at 4400, 4410, 4420, and the AWS endpoints at 4566, 4576, 4586. Throws a `UserError` if one is taken. */
export async function usualPorts(count: number): Promise<readonly RegionPorts[]> {
  const all = Array.from({ length: count }, (_, index) => ({
    port: FIRST.port + index * STEP,
    apiPort: FIRST.apiPort + index * STEP,
  }));
  for (const port of all.flatMap((each) => [each.port, each.apiPort]))
    if ((await listenAt(port)) === null)
      throw new UserError(
        `Port ${port} is in use.`,
        'Stop the program that uses it, such as npm start, or use free ports: npm run fleet -- global up --free-ports.',
      );
  return all;
}

/** Ports that are free now. The regions keep them when they start again. */
export async function freePorts(count: number): Promise<readonly RegionPorts[]> {
  // Held together, so that no two are the same.
  const held = await Promise.all(Array.from({ length: 2 * count }, () => hold(0)));
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(held.map(release));
  return Array.from({ length: count }, (_, index) => ({
    port: ports[2 * index] ?? 0,
    apiPort: ports[2 * index + 1] ?? 0,
  }));
}

type Held = ReturnType<typeof createServer>;

async function hold(port: number): Promise<Held> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function release(server: Held): Promise<void> {
  server.close();
  await once(server, 'close');
}

/** Null if nobody can listen there. */
async function listenAt(port: number): Promise<number | null> {
  try {
    await release(await hold(port));
    return port;
  } catch {
    return null;
  }
}
