import { agentHandler, collectHandler } from '#runtime/index.ts';
import { letterReader } from './agent.ts';

export const handler = agentHandler(letterReader);
export const collect = collectHandler(letterReader);
