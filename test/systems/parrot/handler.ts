import { agentHandler } from '#runtime/index.ts';
import { parrot } from './agent.ts';

export const handler = agentHandler(parrot);
