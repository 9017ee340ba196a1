import { agentHandler, collectHandler } from '#runtime/index.ts';
import { analyst } from './agents.ts';

export const handler = agentHandler(analyst);
export const collect = collectHandler(analyst);
