import { entryHash, genesis, type AuditEntry } from '../audit/entry.ts';
import type { ToolCall } from '../agents/conversation.ts';
import type { Decision } from '../tasks/transition.ts';
import type { ToolStep } from '../tasks/step.ts';
import type { Task } from '../tasks/task.ts';
import type { WorkerPorts } from './ports.ts';

type AuditPorts = Pick<WorkerPorts, 'ids'>;

/** What stands in the trail before a tool runs: the newest epoch's next step. */
export function entryBefore(ports: AuditPorts, task: Task, { tool, input, model }: ToolCall, at: number): AuditEntry {
  return {
    ...placeOf(task, tool, task.steps.length, task.epoch),
    model,
    phase: 'before',
    at,
    contentDigest: ports.ids.digest(JSON.stringify(input)),
    previous: headOf(ports, task),
  };
}

/**
 * What stands in the trail after it. It follows from the step alone, so that whoever adopts the step of a dead worker
 * comes to the same entry.
 * @param previous the hash of the same call's entry before
 */
export function entryAfter({ ids }: AuditPorts, task: Task, step: ToolStep, previous: string): AuditEntry {
  return {
    ...placeOf(task, step.tool, step.index, step.epoch),
    phase: 'after',
    at: step.endedAt,
    contentDigest: ids.digest(step.content),
    outcome: step.isError ? 'error' : 'ok',
    previous,
  };
}

/** The hash that the task's next entry names. */
export const headOf = ({ ids }: AuditPorts, { audit, id, createdAt }: Task): string =>
  audit?.hash ?? genesis(ids, id, createdAt);

/** Lets the chain reach this entry in the same write; the entry itself is still to be recorded. */
export const announced = (ports: AuditPorts, decision: Decision, entry: AuditEntry): Decision =>
  withHead(decision, { hash: entryHash(ports.ids, entry), announced: entry });

/** Lets the chain reach this entry, which is in the trail. */
export const recorded = (ports: AuditPorts, decision: Decision, entry: AuditEntry): Decision =>
  withHead(decision, { hash: entryHash(ports.ids, entry) });

function withHead(decision: Decision, audit: NonNullable<Task['audit']>): Decision {
  if (!decision.ok) return decision;
  const { announced: _, ...head } = { ...decision.task.audit, ...audit };
  const next = audit.announced === undefined ? head : { ...head, announced: audit.announced };
  return { ...decision, task: { ...decision.task, audit: next } };
}

function placeOf(task: Task, tool: string, step: number, epoch: number) {
  return { taskId: task.id, createdAt: task.createdAt, step, epoch, agent: task.agent, tool };
}
