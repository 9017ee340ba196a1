import { agentHandler } from '../../../functions/_shared/agent-handler.ts';
import { nextParrot, parrot } from './agent.ts';

export const handler = agentHandler(nextParrot, { earlier: [parrot] });
