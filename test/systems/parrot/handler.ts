import { agentHandler } from '../../../functions/_shared/agent-handler.ts';
import { parrot } from './agent.ts';

export const handler = agentHandler(parrot);
