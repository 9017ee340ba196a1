import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startSurroundings } from '../fleet/surroundings.ts';
import type { CliSystem } from '../system.ts';
import { UserError } from '../user-error.ts';
import type { GlobalAssembly } from './assembly.ts';
import { isStartingStill, listenForOrders, type Control } from './control.ts';
import { copyObjects, type CopyingRegion } from './object-copies.ts';
import { ensureGlobalFolder, keyFile } from './paths.ts';
import { lockRegions, registerGlobal, unregisterGlobal, type RunningGlobal } from './registry.ts';
import type { RegionSpec } from './region/messages.ts';
import { startRegion, type RegionProcess } from './region/region-process.ts';
import { keyIn, shareAccess } from './share-key.ts';
import type { RegionName, Topology } from './topology.ts';

export interface GlobalFleetOptions {
  readonly topology: Topology;
  /** Whose rules the simulated model answers by, and whose stand-ins run. */
  readonly systems: readonly CliSystem[];
  readonly assembly: GlobalAssembly;
  readonly dataDir: string;
  /** By region: the ports of the AWS endpoint and of the task API. */
  readonly ports: readonly { readonly port: number; readonly apiPort: number }[];
  /** Milliseconds that one answer of the simulated model takes. */
  readonly latencyMs: number;
  /** Called with what happens to regions, in words. */
  readonly onEvent: (text: string) => void;
  /** Called with what the start of all regions does at the moment. */
  readonly about?: (text: string) => void;
  /** Runs the start of one region that was down, and is called with what it does at the moment. @default only runs it */
  readonly restart?: (name: string, work: (about: (text: string) => void) => Promise<void>) => Promise<void>;
  /** The file to which all regions append what they ask of leases. @default it is not recorded */
  readonly leaseHistory?: string;
  /** Stops the start of all regions. @default it is not stopped */
  readonly signal?: AbortSignal | undefined;
  /** The module of a region's process, for tests. */
  readonly module?: string;
  /** Makes the key valid in the regions. @default writes it to them */
  readonly share?: typeof shareAccess;
  /** Where other commands find the regions. @default the registry of this user */
  readonly registry?: { write(running: RunningGlobal): void; remove(): void };
}

/**
 * The regions of a fleet on this machine, each in a process of its own, with one simulated model for all.
 * 1. The model and its ledger outlive every region, so the ledger can judge what was called twice.
 * 2. A region that is down stays down until it is told to start.
 * 3. If this process ends, however it does, its regions end too.
 */
export class GlobalFleet {
  readonly key: string;
  readonly #options: GlobalFleetOptions;
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #startedAt = new Date().toISOString();
  readonly #processes = new Map<string, RegionProcess>();
  readonly #places = new Map<string, RegionProcess['api']>();
  readonly #starting = new Set<string>();
  readonly #registry: NonNullable<GlobalFleetOptions['registry']>;
  #environment: Readonly<Record<string, string>> = {};
  #control: Control | undefined;
  /** Set while this process holds the data folder. */
  #unlock: (() => void) | undefined;
  #closeSurroundings: () => Promise<void> = () => Promise.resolve();
  #closing = false;

  private constructor(options: GlobalFleetOptions) {
    this.#options = options;
    this.#registry = options.registry ?? { write: registerGlobal, remove: unregisterGlobal };
    this.key = keyIn(options.dataDir);
  }

  /** Starts everything. Rejects with a `UserError` if a region does not start; nothing stays open then. */
  static async start(options: GlobalFleetOptions): Promise<GlobalFleet> {
    const fleet = new GlobalFleet(options);
    try {
      await fleet.#startAll();
      return fleet;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  /** What other commands read in the registry. */
  get running(): RunningGlobal {
    const { topology, dataDir, ports } = this.#options;
    return {
      pid: process.pid,
      startedAt: this.#startedAt,
      prefix: topology.prefix,
      control: this.#control?.url ?? 'http://127.0.0.1:0',
      secret: this.#secret,
      key: this.key,
      dataDir,
      regions: topology.regions.map(({ name, region }, index) => ({
        name,
        region,
        pid: this.#processes.get(name)?.pid ?? null,
        endpoint: `http://127.0.0.1:${ports[index]?.port}`,
        api: this.#places.get(name) ?? null,
        ...(this.#starting.has(name) && { starting: true as const }),
      })),
      ...(this.#closing && { stopping: true as const }),
    };
  }

  get keyFile(): string {
    return keyFile(this.#options.dataDir);
  }

  /** The file with one line per call that reached the model. */
  get ledger(): string {
    return join(this.#options.dataDir, 'claude-ledger.jsonl');
  }

  /** Starts a region that is down. Throws a `UserError` if it is not, or does not start. */
  async startRegion(name: string): Promise<void> {
    const region = this.#options.topology.regions.find((each) => each.name === name);
    if (region === undefined) throw new UserError(`Region "${name}" not found.`, 'See npm run fleet -- global map.');
    if (this.#starting.has(name)) throw isStartingStill(name);
    if (this.#processes.has(name))
      throw new UserError(`Region ${name} is up.`, `Kill it first: npm run fleet -- global kill ${name}.`);
    this.#starting.add(name);
    this.#registry.write(this.running);
    try {
      const { restart = (_, work) => work(() => undefined) } = this.#options;
      await restart(name, (about) => this.#startOne(region, about));
    } finally {
      this.#starting.delete(name);
      if (!this.#closing) this.#registry.write(this.running);
    }
  }

  /** Ends a region's process as kill -9 does. */
  async kill(name: string): Promise<void> {
    await this.#processes.get(name)?.kill();
  }

  /** Lets running work end, and stops everything. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#unlock !== undefined && this.#processes.size > 0) this.#registry.write(this.running);
    this.#control?.close();
    await Promise.all([...this.#processes.values()].map((region) => region.close()));
    await this.#closeSurroundings();
    const unlock = this.#unlock;
    if (unlock === undefined) return;
    this.#unlock = undefined;
    this.#registry.remove();
    unlock();
  }

  async #startAll(): Promise<void> {
    const { topology, systems, assembly, dataDir, latencyMs, share = shareAccess, about, signal } = this.#options;
    this.#unlock = lockRegions(ensureGlobalFolder(dataDir));
    const surroundings = await startSurroundings(systems, { dataDir, latencyMs, apiKey: null });
    this.#closeSurroundings = () => surroundings.close();
    this.#environment = surroundings.environment;
    this.#control = await listenForOrders({ start: (name) => this.startRegion(name) }, this.#secret);
    // All of them have started or failed before what has started is closed again.
    const started = await Promise.allSettled(
      topology.regions.map((region) => this.#startOne(region, (text) => about?.(`${region.name}: ${text}`), signal)),
    );
    signal?.throwIfAborted();
    const failed = started.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    const [first, ...others] = this.running.regions.flatMap(({ api, endpoint, region }) =>
      api === null ? [] : [{ ...api, endpoint, region }],
    );
    if (first !== undefined) await share([first, ...others], this.key);
    await copyObjects(assembly.copies, this.#copying());
  }

  #copying(): readonly CopyingRegion[] {
    return this.running.regions.flatMap(({ name, region, endpoint }) => {
      const outputs = this.#processes.get(name)?.outputs;
      return outputs === undefined ? [] : [{ region, endpoint, outputs }];
    });
  }

  async #startOne(region: RegionName, about: (text: string) => void, signal?: AbortSignal): Promise<void> {
    const { onEvent, module } = this.#options;
    const spec = this.#specOf(region);
    const started = await startRegion({
      spec,
      about,
      signal,
      ...(module !== undefined && { module }),
    });
    this.#processes.set(region.name, started);
    this.#places.set(region.name, started.api);
    this.#registry.write(this.running);
    void started.ended.then(() => {
      this.#processes.delete(region.name);
      if (this.#closing) return;
      this.#registry.write(this.running);
      onEvent(
        `Region ${region.name} (${region.region}) is down. Start it with npm run fleet -- global start ${region.name}.`,
      );
    });
  }

  #specOf({ name, region }: RegionName): RegionSpec {
    const { topology, assembly, dataDir, leaseHistory, ports } = this.#options;
    const endpoints = topology.regions.map((each, index) => ({
      ...each,
      endpoint: `http://127.0.0.1:${ports[index]?.port}`,
    }));
    const own = ports[topology.regions.findIndex((each) => each.name === name)];
    if (own === undefined) throw new Error(`Region ${name} has no ports.`);
    return {
      name,
      region,
      peers: endpoints.filter((each) => each.region !== region),
      secret: this.#secret,
      assembly: assembly.folder,
      stacks: assembly.stacksOf(region),
      dataDir: join(dataDir, name),
      ...own,
      environment: { ...HERE, ...this.#environment },
      leaseHistory,
    };
  }
}

/** What holds on this machine alone, as for a fleet of one region. */
const HERE = { POWERTOOLS_TRACE_ENABLED: 'false', ALLOW_STAND_IN: '127.0.0.1' };
