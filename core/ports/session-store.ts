import type { Session } from '../sessions/session.ts';

/** Conversations: one item each, written on condition of its version like a task. */
export interface SessionStore {
  /** The newest state, strongly consistent. An expired session may or may not still be returned. */
  get(tenant: string, id: string): Promise<Session | null>;
  /**
   * Stores a session in version 1 if none is stored, and returns null. Otherwise changes nothing, and returns the newest
   * state of the one that is stored.
   */
  create(first: Session): Promise<Session | null>;
  /** Writes `next` if the stored version is still `next.version - 1`; version 1 only if none is stored. */
  write(next: Session): Promise<'written' | 'conflict'>;
}
