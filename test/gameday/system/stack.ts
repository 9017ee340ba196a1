import { agentCard } from '#core/agents/agent-card.ts';
import { agentStack } from '#lib/index.ts';
import { gamedayAgent } from './agent.ts';

export const GamedayStack = agentStack(agentCard(gamedayAgent), 'test/gameday/system/handler.ts');
