import { agentHandler } from '#runtime/index.ts';
import { securityReviewer } from '../../agents/specialists.ts';

/** The worker of the security specialist's pool. */
export const handler = agentHandler(securityReviewer);
