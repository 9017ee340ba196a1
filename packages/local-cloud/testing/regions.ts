import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCloud } from '../src/cloud.ts';
import type { LocalCloud, LocalCloudOptions } from '../src/cloud.ts';
import type { RegionsStatus } from '../src/regions/control.ts';
import type { LinkChange } from '../src/regions/network.ts';
import { CREDENTIALS, writeAssembly, type Fixture } from './cloud.ts';

/** The secret of the regions of a test. */
export const SECRET = 'the secret of the test';

/** The clouds of a test, one for each region. */
export class TestRegions implements AsyncDisposable {
  readonly root: string;
  readonly clouds = new Map<string, LocalCloud>();
  /** By region. A region without one is not there. */
  readonly endpoints = new Map<string, string>();
  readonly #regions: readonly string[];

  /** Writes an assembly with a stack for each region, `Fixture-<region>`. */
  constructor(fixtures: Readonly<Record<string, Fixture>>, root = mkdtempSync(join(tmpdir(), 'fleet-regions-'))) {
    this.root = root;
    this.#regions = Object.keys(fixtures);
    for (const [region, fixture] of Object.entries(fixtures)) {
      writeAssembly(join(root, region), fixture, { stack: `Fixture-${region}`, region });
    }
    const artifacts = Object.fromEntries(
      this.#regions.map((region) => {
        return [region, { type: 'cdk:cloud-assembly', properties: { directoryName: join(region, 'cdk.out') } }];
      }),
    );
    writeFileSync(join(root, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts }));
  }

  /** Starts the cloud of a region. A later start continues with its data. */
  async start(region: string, options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
    const { endpoints } = this;
    const peers = this.#regions
      .filter((other) => other !== region)
      .map((other) => ({
        region: other,
        // Port 9 answers nobody.
        get endpoint(): string {
          return endpoints.get(other) ?? 'http://127.0.0.1:9';
        },
      }));
    const cloud = await startLocalCloud({
      assembly: this.root,
      dataDir: join(this.root, region, 'data'),
      port: 0,
      credentials: CREDENTIALS,
      regions: { here: region, peers, secret: SECRET },
      ...options,
    });
    this.clouds.set(region, cloud);
    endpoints.set(region, cloud.endpoint);
    return cloud;
  }

  async startAll(): Promise<void> {
    for (const region of this.#regions) await this.start(region);
  }

  /** What `GET /_regions` of a region answers. */
  async status(region: string): Promise<RegionsStatus> {
    return this.#control(region, '/_regions', {});
  }

  /** Changes the lines that leave a region. */
  async network(region: string, ...changes: readonly LinkChange[]): Promise<RegionsStatus> {
    return this.#control(region, '/_regions/network', { method: 'PUT', body: JSON.stringify(changes) });
  }

  /** Makes all lines take no time. */
  async withoutDelay(): Promise<void> {
    for (const region of this.#regions) {
      const others = this.#regions.filter((other) => other !== region);
      await this.network(region, ...others.map((to) => ({ to, roundTripMs: 0, jitterMs: 0 })));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cloud of this.clouds.values()) await cloud.close({ drainMs: 0 });
    rmSync(this.root, { recursive: true, force: true });
  }

  async #control(region: string, path: string, init: RequestInit): Promise<RegionsStatus> {
    const headers = { authorization: `Bearer ${SECRET}` };
    const response = await fetch(`${this.endpoints.get(region)}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as RegionsStatus;
  }
}
