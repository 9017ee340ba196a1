import { agentCard } from '#core/agents/agent-card.ts';
import { agentStack } from '#lib/agent-stack.ts';
import { assistant } from './agents/assistant.ts';

/** The general-purpose assistant: its pool, and nothing else. */
export const AssistantStack = agentStack(agentCard(assistant), 'systems/assistant/functions/run-assistant/handler.ts');
