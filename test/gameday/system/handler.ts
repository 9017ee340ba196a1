import { agentHandler } from '#runtime/index.ts';
import { gamedayAgent } from './agent.ts';

export const handler = agentHandler(gamedayAgent);
