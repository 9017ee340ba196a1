import { agentHandler, collectHandler } from '#runtime/index.ts';
import { checker } from './agents.ts';

export const handler = agentHandler(checker);
export const collect = collectHandler(checker);
