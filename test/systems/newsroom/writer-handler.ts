import { agentHandler, collectHandler } from '#runtime/index.ts';
import { writer } from './agents.ts';

export const handler = agentHandler(writer);
export const collect = collectHandler(writer);
