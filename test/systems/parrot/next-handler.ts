import { agentHandler } from '#runtime/index.ts';
import { nextParrot, parrot } from './agent.ts';

export const handler = agentHandler(nextParrot, { earlier: [parrot] });
