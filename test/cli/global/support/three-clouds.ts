import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, vi } from 'vitest';
import { systems } from '#bin/systems.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { assemblyIn, ENVIRONMENT, ON_ONE_MACHINE } from '#cli/global/assembly.ts';
import { addressesOf } from '#cli/global/demo/callers.ts';
import { GlobalFleet } from '#cli/global/global-fleet.ts';
import { mapReader } from '#cli/global/map/read.ts';
import { freePorts } from '#cli/global/ports.ts';
import { readTopology } from '#cli/global/topology.ts';
import { FleetClient } from '#client/index.ts';
import { assemblyOf, type Context, type StackName } from '../../../e2e/support/assembly.ts';

/** Three regions with stacks of the tests' own, in processes as `fleet global up` starts them. */
export async function startThreeClouds(stacks: readonly StackName[], context: Context = {}) {
  const home = mkdtempSync(join(tmpdir(), 'fleet-three-'));
  const topology = readTopology(ENVIRONMENT);
  const folder = await assemblyOf(stacks, { env: ENVIRONMENT, ...ON_ONE_MACHINE, ...context });
  const fleet = await GlobalFleet.start({
    topology,
    systems: systems.filter(({ name }) => stacks.includes(name as StackName)),
    assembly: assemblyIn(topology.prefix, folder),
    dataDir: join(home, 'regions'),
    ports: await freePorts(topology.regions.length),
    latencyMs: 0,
    onEvent: () => undefined,
    registry: { write: () => undefined, remove: () => undefined },
  });
  const map = mapReader(() => fleet.running);
  const holders = async () =>
    Object.fromEntries((await map.read()).homes.map(({ home, holders }) => [home, holders.join('+')]));
  const own = { us: 'us', eu: 'eu', ap: 'ap' };
  await vi.waitFor(async () => expect(await holders()).toEqual(own), { timeout: 120_000, interval: 500 });
  const regionOf = (name: string) => {
    const found = fleet.running.regions.find((each) => each.name === name);
    if (!found?.api) throw new Error(`There is no region ${name}.`);
    return { ...found, url: found.api.url };
  };
  const clientOf = (name: string) => {
    const { endpoint, region } = regionOf(name);
    return { ...localClient(endpoint, region), forcePathStyle: true };
  };
  return {
    fleet,
    holders,
    /** Options for SDK clients of a region. */
    clientOf,
    /** A client that goes to the others when its region is lost. */
    near: (near: string) =>
      new FleetClient({ regions: addressesOf(fleet.running.regions), near, key: fleet.running.key }),
    /** Calls the task API of one region. */
    async ask(
      name: string,
      route: string,
      body?: unknown,
    ): Promise<{ readonly status: number; readonly body: unknown }> {
      const [method = 'GET', path = '/'] = route.split(' ');
      const response = await fetch(`${regionOf(name).url}${path}`, {
        method,
        headers: { authorization: `Bearer ${fleet.running.key}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
    },
    /** The name of a bucket of a region. Generated names have the beginning of the stack's and of the resource's. */
    async bucket(name: string, system: string, resource: string): Promise<string> {
      const s3 = new S3Client(clientOf(name));
      const { Buckets = [] } = await s3.send(new ListBucketsCommand()).finally(() => s3.destroy());
      const start = `${topology.prefix}-${system}`.slice(0, 17);
      const found = Buckets.map(({ Name = '' }) => Name).filter(
        (each) => each.startsWith(start) && each.includes(`-${resource}`),
      );
      if (found.length !== 1) throw new Error(`${found.length} buckets are ${resource}: ${found.join(', ')}`);
      return found[0] ?? '';
    },
    async [Symbol.asyncDispose](): Promise<void> {
      map.close();
      await fleet.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
export type ThreeClouds = Awaited<ReturnType<typeof startThreeClouds>>;
