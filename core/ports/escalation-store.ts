import type { Escalation } from '../escalations/escalation.ts';
import type { TaskId } from '../tasks/task-id.ts';

/** Which escalations of a tenant are listed. */
export interface EscalationListing {
  readonly tenant: string;
  /** `waiting` for a person, claimed or not, or `answered`. */
  readonly status: 'waiting' | 'answered';
  /** Goes on after this one: the last of the page before. */
  readonly after?: { readonly createdAt: number; readonly id: TaskId } | undefined;
}

/** Tasks that wait for a person, and their answers. Every write is one conditional write of one item. */
export interface EscalationStore {
  /** Puts the escalation if its id is free. Otherwise changes nothing. */
  create(escalation: Escalation): Promise<'created' | 'exists'>;
  /** The newest state, strongly consistent. */
  get(id: TaskId): Promise<Escalation | null>;
  /** Writes `next` if the stored version is still `next.version - 1`. */
  replace(next: Escalation): Promise<'replaced' | 'conflict'>;
  /** A tenant's escalations, longest waiting first. Eventually consistent: an entry may be missing for a moment. */
  list(listing: EscalationListing): AsyncIterable<Escalation>;
}
