import { z } from 'zod';
import { agentCardSchema } from '../../agents/agent-card.ts';
import { operation } from '../http/operation.ts';

/** The fleet as a whole. */
export const fleetOperations = {
  listAgents: operation({
    method: 'GET',
    path: '/agents',
    scope: 'read',
    summary: 'The agents, with what they take and give',
    answer: {
      status: 200,
      schema: z.object({ agents: z.array(agentCardSchema) }),
      description: 'The agents of your key.',
    },
  }),
  getOpenApi: operation({
    method: 'GET',
    path: '/openapi.json',
    scope: null,
    summary: 'This document',
    answer: { status: 200, schema: z.record(z.string(), z.unknown()), description: 'OpenAPI 3.1.' },
  }),
} as const;
