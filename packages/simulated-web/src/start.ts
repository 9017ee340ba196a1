import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { injectionsOf, type Injection } from './faults/injections.ts';
import type { FaultName } from './faults/names.ts';
import { faultsView, nightSchema } from './http/control.ts';
import { RequestLog, type LoggedRequest } from './http/log.ts';
import { createWebServer } from './http/server.ts';
import { optionsSchema, type SimulatedWebOptions } from './options.ts';
import { trapsOf, truthOf, type TrapPage, type TruthEvent } from './truth.ts';
import { companyView, type WebCompany } from './view.ts';
import { World } from './world/world.ts';

/** A running simulation of a web. */
export interface SimulatedWeb {
  /** The one address that serves all hosts, by the header `Host`, such as `http://127.0.0.1:4700`. */
  readonly url: string;
  readonly port: number;
  readonly companies: readonly WebCompany[];
  /** The faults of each host that has any. */
  readonly faults: Readonly<Record<string, readonly FaultName[]>>;
  night(): number;
  /** Makes it another night: pages show what has happened until then. Throws a `ZodError` for what is no night. */
  setNight(night: number): void;
  /** The events that are new in a night. Night 0 has the history. */
  truth(night: number): TruthEvent[];
  /** The pages that look like events and are none, up to a night. */
  traps(night: number): TrapPage[];
  /** The orders that pages give to their readers. */
  injections(): Injection[];
  /** What the hosts were asked, oldest first. */
  requests(): LoggedRequest[];
  /** Forgets the requests so far. */
  forgetRequests(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts the simulated web, listening on 127.0.0.1.
 * Rejects with a `ZodError` when an option is invalid, and with an `Error` when the port is in use or a fault names no host.
 */
export async function startSimulatedWeb(options: SimulatedWebOptions = {}): Promise<SimulatedWeb> {
  const world = new World(optionsSchema.parse(options));
  const log = new RequestLog();
  const server = createWebServer(world, log);
  server.listen(world.options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    companies: world.companies.map(companyView),
    faults: faultsView(world),
    night: () => world.night,
    setNight: (night) => void (world.night = nightSchema.parse(night)),
    truth: (night) => truthOf(world, nightSchema.parse(night)),
    traps: (night) => trapsOf(world, nightSchema.parse(night)),
    injections: () => injectionsOf(world),
    requests: () => log.all(),
    forgetRequests: () => log.clear(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
