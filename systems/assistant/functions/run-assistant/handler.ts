import { agentHandler, collectHandler } from '#runtime/index.ts';
import { assistant } from '../../agents/assistant.ts';

/** The worker of the assistant's pool. */
export const handler = agentHandler(assistant);
/** The collector of its economy tasks. */
export const collect = collectHandler(assistant);
