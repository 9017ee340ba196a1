import { actOnEscalation, type EscalationTransition } from '../../escalations/act.ts';
import type { Escalation } from '../../escalations/escalation.ts';
import {
  answerEscalation as answer,
  claimEscalation as claim,
  type EscalationDecision,
  type EscalationRefusal,
} from '../../escalations/transitions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EscalationStore } from '../../ports/escalation-store.ts';
import { taskIdSchema, type TaskId } from '../../tasks/task-id.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { cursorText, parseCursor } from '../http/page.ts';
import type { EscalationView } from './messages.ts';
import { ApiProblem, notFound } from '../http/problem.ts';

export interface EscalationPorts {
  readonly escalations: EscalationStore;
  readonly clock: Clock;
}

interface Listing {
  readonly status: 'waiting' | 'answered';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Most escalations read for one page. A search for those of a restricted key continues on the next page. */
const MAX_READ = 500;

/**
 * Returns a page of the tenant's escalations, oldest first. Those of agents that the key may not use are left out after
 * reading, so a page may hold few, or none, and still have a `next` cursor.
 */
export async function listEscalations({ escalations }: EscalationPorts, caller: Caller, query: Listing) {
  const { status, limit, cursor } = query;
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const page: Escalation[] = [];
  let last: Escalation | undefined;
  let read = 0;
  for await (const escalation of escalations.list({ tenant: caller.tenant, status, after })) {
    const isFull = page.length === limit || read === MAX_READ;
    if (isFull && last) return { escalations: page.map(viewOf), next: cursorText(last) };
    last = escalation;
    read += 1;
    if (caller.agents?.includes(escalation.agent) ?? true) page.push(escalation);
  }
  return { escalations: page.map(viewOf) };
}

/** Claims an escalation for a person. Throws `ApiProblem`. */
export async function claimEscalation(
  ports: EscalationPorts,
  caller: Caller,
  id: string,
  by: string,
): Promise<EscalationView> {
  return act(ports, caller, id, (escalation, now) => claim(escalation, by, now));
}

/** Answers an escalation, once. Without a key, the same reply of the same person is the same answer. Throws `ApiProblem`. */
export async function answerEscalation(
  ports: EscalationPorts,
  caller: Caller,
  id: string,
  given: { readonly by: string; readonly reply: string; readonly key: string | undefined },
): Promise<EscalationView> {
  const { by, reply, key = `${by}: ${reply}` } = given;
  return act(ports, caller, id, (escalation, now) => answer(escalation, { by, reply, key }, now));
}

/** Throws `ApiProblem` unless the key may use the agent that handed the task over. */
async function act(
  ports: EscalationPorts,
  caller: Caller,
  id: string,
  transition: EscalationTransition,
): Promise<EscalationView> {
  const decision = await actOnEscalation(ports, { id: idOf(id), tenant: caller.tenant }, (escalation, now) => {
    requireAgent(caller, escalation.agent);
    return transition(escalation, now);
  });
  return settled(decision, id);
}

function idOf(id: string): TaskId {
  const parsed = taskIdSchema.safeParse(id);
  if (!parsed.success) throw notFound('escalation', id);
  return parsed.data;
}

function settled(decision: EscalationDecision | null, id: string): EscalationView {
  if (!decision) throw notFound('escalation', id);
  if (decision.ok || decision.refusal === 'unchanged') return viewOf(decision.escalation);
  throw new ApiProblem('conflict', WHY[decision.refusal], [
    {
      field: 'by',
      message: WHY[decision.refusal],
      remedy: 'GET /escalations shows who holds it, and until when.',
    },
  ]);
}

const WHY: Readonly<Record<Exclude<EscalationRefusal, 'unchanged'>, string>> = {
  claimed: 'Another person has claimed this escalation.',
  answered: 'This escalation has already been answered.',
  'key-reused': 'This idempotency key was already used with a different answer.',
};

function viewOf({ id, agent, sessionId, priority, reason, summary, createdAt, state }: Escalation): EscalationView {
  const self = `/escalations/${encodeURIComponent(id)}`;
  return {
    id,
    agent,
    ...(sessionId === undefined ? {} : { sessionId }),
    priority,
    reason,
    ...(summary === undefined ? {} : { summary }),
    createdAt: new Date(createdAt).toISOString(),
    status: state.status,
    ...('by' in state ? { by: state.by } : {}),
    ...('until' in state ? { until: new Date(state.until).toISOString() } : {}),
    ...('reply' in state ? { reply: state.reply } : {}),
    links: { task: `/tasks/${encodeURIComponent(id)}`, claim: `${self}/claim`, answer: `${self}/answer` },
  };
}
