import { agentHandler } from '#runtime/agent-handler.ts';
import { echo } from './agent.ts';

export const handler = agentHandler(echo);
