import { createHash, randomBytes } from 'node:crypto';

/** Milliseconds that a link can be opened, and that a session lasts after it: a working day. */
export const LIFETIME_MS = 12 * 60 * 60 * 1_000;
/** Of each kind. A new one replaces the oldest. */
const MAX_KEPT = 100;

/**
 * The sessions of browsers at the console of this machine. They are in memory, so they end with the fleet.
 * 1. A link opens at most one session. 2. Nothing that is kept here opens a session: only digests are. 3. A session ends
 * `LIFETIME_MS` after its link was opened.
 */
export class ConsoleSessions {
  readonly #links = new Map<string, number>();
  readonly #sessions = new Map<string, number>();
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Returns the secret of a new link. */
  newLink(): string {
    return this.#add(this.#links);
  }

  /** Opens a session by a link's secret. Returns the session's secret; null if the link is unknown, used or too old. */
  open(link: string): string | null {
    const isOpen = this.#has(this.#links, link);
    this.#links.delete(digest(link));
    return isOpen ? this.#add(this.#sessions) : null;
  }

  /** Whether a secret is that of a session. */
  isOpen(session: string): boolean {
    return this.#has(this.#sessions, session);
  }

  #add(kept: Map<string, number>): string {
    const secret = randomBytes(32).toString('base64url');
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(digest(secret), this.#now() + LIFETIME_MS);
    return secret;
  }

  #has(kept: ReadonlyMap<string, number>, secret: string): boolean {
    return (kept.get(digest(secret)) ?? 0) > this.#now();
  }
}

const digest = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
