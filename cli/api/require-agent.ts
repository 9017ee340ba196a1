import { z } from 'zod';
import { agentCardSchema } from '#core/agents/agent-card.ts';
import { fleetOperations } from '#core/api/fleet/operations.ts';
import { wrongUsage } from '../user-error.ts';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { ApiClient } from './client.ts';

const namesSchema = z.object({ agents: z.array(agentCardSchema.pick({ name: true })) });

/** Throws wrong usage that names the fleet's agents, unless `agent` is one of them. */
export async function requireAgent(api: ApiClient, agent: string): Promise<void> {
  const { agents } = await api.call(fleetOperations.listAgents, namesSchema);
  if (agents.some(({ name }) => name === agent)) return;
  const names = agents.map(({ name }) => name).join(', ');
  throw wrongUsage(`The fleet has no agent "${agent}".`, `Its agents are ${names || 'none'}.`);
}

/**
 * The same for an agent of which a command found nothing. An agent that is no longer deployed is known by its tasks.
 * @param agent undefined if the command named none
 */
export async function requireKnownAgent(api: ApiClient, agent: string | undefined): Promise<void> {
  if (agent === undefined) return;
  const { tasks } = await api.call(taskOperations.listTasks, taskPageSchema, { query: { agent, limit: 1 } });
  if (tasks.length === 0) await requireAgent(api, agent);
}
