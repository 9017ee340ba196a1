import { agentHandler } from '../../../functions/_shared/agent-handler.ts';
import { echo } from './agent.ts';

export const handler = agentHandler(echo);
