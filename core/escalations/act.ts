import type { Clock } from '../ports/clock.ts';
import type { EscalationStore } from '../ports/escalation-store.ts';
import type { TaskId } from '../tasks/task-id.ts';
import type { EscalationDecision } from './transitions.ts';
import type { Escalation } from './escalation.ts';

/** A state transition of an escalation. Pure, so that it can be decided again on a newer state when a write conflicts. */
export type EscalationTransition = (escalation: Escalation, now: number) => EscalationDecision;

/**
 * Decides a transition and writes it. If another writer was first, decides again. Null when the tenant has no such
 * escalation, so that another tenant's escalation looks like a missing one (I8).
 */
export async function actOnEscalation(
  { escalations, clock }: { readonly escalations: EscalationStore; readonly clock: Clock },
  { id, tenant }: { readonly id: TaskId; readonly tenant: string },
  transition: EscalationTransition,
): Promise<EscalationDecision | null> {
  for (;;) {
    const escalation = await escalations.get(id);
    if (!escalation || escalation.tenant !== tenant) return null;
    const decision = transition(escalation, clock.now());
    if (!decision.ok) return decision;
    if ((await escalations.replace(decision.escalation)) === 'replaced') return decision;
  }
}
