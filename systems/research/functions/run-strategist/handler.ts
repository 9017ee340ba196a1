import { agentHandler, collectHandler } from '#runtime/index.ts';
import { strategist } from '../../agents/strategist.ts';

/** The worker of the strategist's pool. */
export const handler = agentHandler(strategist);

/** Collects economy tasks of the strategist into batches. */
export const collect = collectHandler(strategist);
