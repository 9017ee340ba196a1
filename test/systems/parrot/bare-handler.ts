import { agentHandler } from '#runtime/index.ts';
import { nextParrot } from './agent.ts';

export const handler = agentHandler(nextParrot);
