import type { Attributes } from '../ports/tracer.ts';
import type { Task } from '../tasks/task.ts';

/**
 * The names follow the conventions for generative AI of OpenTelemetry, semantic-conventions-genai 0.1.0 (all of them are in
 * development, so the version is pinned here). What the conventions have no name for begins with `fleet.`.
 */

/** The ids of a task, on each of its spans: to find a span by, and to check whose it is (I8). */
export function taskAttributes({ id, tenant, agent, runId, sessionId }: Task): Attributes {
  return {
    'fleet.task.id': id,
    'fleet.tenant': tenant,
    'gen_ai.agent.name': agent,
    ...(runId !== undefined && { 'fleet.run.id': runId }),
    ...(sessionId !== undefined && { 'gen_ai.conversation.id': sessionId }),
  };
}
