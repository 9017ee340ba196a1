import { agentHandler, collectHandler } from '#runtime/index.ts';
import { nextAssistant } from './assistant.ts';

export const handler = agentHandler(nextAssistant);
export const collect = collectHandler(nextAssistant);
