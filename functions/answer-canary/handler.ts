import { canaryAgent } from '#core/regions/canary-agent.ts';
import { agentHandler } from '#runtime/handlers/agent-handler.ts';

/** The workers of canaries. */
export const handler = agentHandler(canaryAgent);
