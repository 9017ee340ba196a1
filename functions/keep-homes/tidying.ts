import type { Clock } from '#core/ports/clock.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { TAKEOVER_MS } from '#core/regions/keep-homes.ts';

export interface TidyingOptions {
  readonly clock: Pick<Clock, 'elapsed'>;
  /** Tidies up what was superseded under the epoch by which a home is held. */
  readonly tidy: (home: RegionIndex, epoch: number) => Promise<void>;
  /** Is told why it failed. It is tried again later. */
  readonly failed: (error: unknown) => void;
}

const TIDY_EVERY_MS = 300_000;

/**
 * Tidies up after homes that moved, every few minutes. Nothing waits for it: not in the first minutes under an epoch, in
 * which tasks are adopted, and later beside that, so that a task which cannot be adopted does not stop it.
 */
export class Tidying {
  readonly #options: TidyingOptions;
  readonly #next = new Map<RegionIndex, { readonly epoch: number; readonly at: number }>();

  constructor(options: TidyingOptions) {
    this.#options = options;
  }

  /** Begins to tidy up after a home if it is time. Called again and again. */
  begin(home: RegionIndex, epoch: number): void {
    const { clock, tidy, failed } = this.#options;
    const now = clock.elapsed();
    const next = this.#next.get(home);
    if (next?.epoch !== epoch) this.#next.set(home, { epoch, at: now + TAKEOVER_MS });
    else if (now >= next.at) {
      this.#next.set(home, { epoch, at: now + TIDY_EVERY_MS });
      void tidy(home, epoch).catch(failed);
    }
  }
}
