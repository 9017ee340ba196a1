import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { fleetOperations } from '#core/api/fleet/operations.ts';
import { agentName } from '#core/api/tasks/messages.ts';
import { call } from './call.ts';

/** An agent, as much of its card as the console shows. */
const agentSchema = z.looseObject({
  name: agentName,
  version: z.string(),
  description: z.string(),
  tier: z.string(),
  tools: z.array(z.string()),
  budget: z.object({ tokens: z.number(), usd: z.number() }),
  takesObject: z.boolean(),
  inputSchema: z.record(z.string(), z.unknown()),
});
export type AgentCard = z.infer<typeof agentSchema>;

const answerSchema = z.object({ agents: z.array(agentSchema) });
const MINUTES_5 = 300_000;

/** The agents of the fleet. They change by a deploy only. */
export const useAgents = () =>
  useQuery({
    queryKey: ['agents'],
    queryFn: async ({ signal }) => (await call(fleetOperations.listAgents, answerSchema, { signal })).agents,
    staleTime: MINUTES_5,
  });
