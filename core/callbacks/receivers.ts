import { DOWN_MS } from './schedule.ts';

/** Deliveries in a row that a receiver did not answer in time, after which it counts as down. */
const MAX_SILENT = 3;

/**
 * What one worker knows of receivers. A receiver that never answers takes ten seconds of every delivery: without a pause
 * its callbacks would fill all deliveries of the fleet, and those of other tenants would wait.
 */
export class Receivers {
  readonly #silent = new Map<string, { readonly times: number; readonly until: number }>();

  /** Whether the receiver of a tenant's callbacks is left alone for now. */
  isDown(tenant: string, url: string, now: number): boolean {
    const seen = this.#silent.get(keyOf(tenant, url));
    return seen !== undefined && seen.times >= MAX_SILENT && now < seen.until;
  }

  /** Notes a delivery. Any answer, also an error, shows that the receiver is there. */
  note(tenant: string, url: string, isSilent: boolean, now: number): void {
    const key = keyOf(tenant, url);
    if (!isSilent) return void this.#silent.delete(key);
    const seen = this.#silent.get(key);
    this.#silent.set(key, { times: (seen?.times ?? 0) + 1, until: now + DOWN_MS });
    // A worker lives for hours and may see thousands of receivers: the ones noted first are forgotten first.
    const oldest = this.#silent.keys().next().value;
    if (this.#silent.size > MAX_KNOWN && oldest !== undefined) this.#silent.delete(oldest);
  }
}

const MAX_KNOWN = 1_000;

const keyOf = (tenant: string, url: string): string => `${tenant} ${URL.parse(url)?.host ?? url}`;
