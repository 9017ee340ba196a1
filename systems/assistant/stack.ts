import { agentCard, agentStack } from '#lib/index.ts';
import { assistant } from './agents/assistant.ts';

/** The general-purpose assistant: its pool, and nothing else. */
export const AssistantStack = agentStack(agentCard(assistant), 'systems/assistant/functions/run-assistant/handler.ts');
