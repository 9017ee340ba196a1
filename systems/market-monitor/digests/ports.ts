import type { AlertStore } from '../alerts/ports.ts';
import type { CountStore } from './counts.ts';
import type { Digest } from './digest.ts';
import type { DigestStore, FindingStore } from './store.ts';

export interface DigestPortfolio {
  readonly id: string;
  readonly name: string;
  /** Time zone of its readers. */
  readonly zone: string;
}

export interface DigestPorts {
  readonly digests: DigestStore;
  readonly findings: FindingStore;
  readonly alerts: Pick<AlertStore, 'ofPortfolio'>;
  readonly counts: Pick<CountStore, 'of'>;
  /** Sources that are silent now. */
  silentSources(): Promise<readonly string[]>;
  /** Keeps a digest that does not fit an item, under a key. Repeated, it writes the same. */
  keepWhole(key: string, digest: Digest): Promise<void>;
  /** Mails a digest, once for each recipient. */
  publish(digest: Digest): Promise<void>;
}
