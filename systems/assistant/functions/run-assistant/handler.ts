import { agentHandler } from '#runtime/agent-handler.ts';
import { assistant } from '../../agents/assistant.ts';

/** The worker of the assistant's pool. */
export const handler = agentHandler(assistant);
