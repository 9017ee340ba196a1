import { agentHandler } from '#runtime/index.ts';
import { logicReviewer } from '../../agents/specialists.ts';

/** The worker of the logic specialist's pool. */
export const handler = agentHandler(logicReviewer);
