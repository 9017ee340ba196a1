import { agentHandler } from '#runtime/agent-handler.ts';
import { parrot } from './agent.ts';

export const handler = agentHandler(parrot);
