import { agentHandler } from '#runtime/index.ts';
import { strategist } from '../../agents/strategist.ts';

/** The worker of the strategist's pool. */
export const handler = agentHandler(strategist);
