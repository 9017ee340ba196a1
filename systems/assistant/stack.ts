import { agentCard, agentStack } from '#lib/index.ts';
import { assistant } from './agents/assistant.ts';

/** The stack of the general-purpose assistant: its pool. */
export const AssistantStack = agentStack(agentCard(assistant), 'systems/assistant/functions/run-assistant/handler.ts');
