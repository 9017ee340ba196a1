import { agentHandler } from '#runtime/index.ts';
import { waiting } from './agent.ts';

export const handler = agentHandler(waiting);
