import { agentCard } from '#core/agents/agent-card.ts';
import { agentStack } from '#lib/index.ts';
import { waiting } from './agent.ts';

export const WaitingStack = agentStack(agentCard(waiting), 'test/systems/waiting/handler.ts');
