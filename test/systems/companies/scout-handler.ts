import { agentHandler, collectHandler } from '#runtime/index.ts';
import { scout } from './agents.ts';

export const handler = agentHandler(scout);
export const collect = collectHandler(scout);
