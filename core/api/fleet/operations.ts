import { z } from 'zod';
import { agentCardSchema } from '../../agents/agent-card.ts';
import { operation } from '../http/operation.ts';

/** The fleet as a whole. */
export const fleetOperations = {
  listAgents: operation({
    method: 'GET',
    path: '/agents',
    scope: 'read',
    summary: 'List agents',
    description: 'Returns the agents that your key may use, with their input and output schemas.',
    answer: {
      status: 200,
      schema: z.object({ agents: z.array(agentCardSchema) }),
      description: 'The agents.',
    },
  }),
  getOpenApi: operation({
    method: 'GET',
    path: '/openapi.json',
    scope: null,
    summary: 'Get the OpenAPI document',
    description: 'Returns this document. No key is required.',
    answer: { status: 200, schema: z.record(z.string(), z.unknown()), description: 'The OpenAPI 3.1 document.' },
  }),
} as const;
