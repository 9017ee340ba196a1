import type { ApiPlace } from '../../fleet/outputs.ts';
import type { RegionOutputs } from '../object-copies.ts';

/** What a region's process needs to run its cloud. */
export interface RegionSpec {
  readonly name: string;
  readonly region: string;
  readonly peers: readonly { readonly name: string; readonly region: string; readonly endpoint: string }[];
  /** Proves to the other regions' gateways that a request comes from this one. */
  readonly secret: string;
  /** Folder of the cloud assembly with the stacks of all regions, and the ids of those to run. */
  readonly assembly: string;
  readonly stacks: readonly string[];
  readonly dataDir: string;
  readonly port: number;
  readonly apiPort: number;
  /** Variables of all functions. */
  readonly environment: Readonly<Record<string, string>>;
  /** The file to which the region's calls to leases are appended. @default they are not recorded */
  readonly leaseHistory?: string | undefined;
}

/** To the process of a region. It also closes when the connection to its parent breaks. */
export type ToRegion = { readonly kind: 'start'; readonly spec: RegionSpec } | { readonly kind: 'close' };

/** From the process of a region. */
export type FromRegion =
  | { readonly kind: 'about'; readonly text: string }
  | { readonly kind: 'up'; readonly endpoint: string; readonly api: ApiPlace; readonly outputs: RegionOutputs }
  | { readonly kind: 'failed'; readonly message: string; readonly remedy: string };
