import { agentHandler, collectHandler } from '#runtime/index.ts';
import { echo } from './agent.ts';

export const handler = agentHandler(echo);
export const collect = collectHandler(echo);
