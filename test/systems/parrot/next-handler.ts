import { agentHandler } from '#runtime/agent-handler.ts';
import { nextParrot, parrot } from './agent.ts';

export const handler = agentHandler(nextParrot, { earlier: [parrot] });
