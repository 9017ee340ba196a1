import type { AlertStore } from '../alerts/ports.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { AskedStore } from './asked.ts';
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
  readonly asked: Pick<AskedStore, 'unanswered'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Sources that are silent now. */
  silentSources(): Promise<readonly string[]>;
  /** Keeps a digest that does not fit an item, under a key. Repeated, it writes the same. */
  keepWhole(key: string, digest: Digest): Promise<void>;
  /** Mails a digest, once for each recipient. */
  publish(digest: Digest): Promise<void>;
}
