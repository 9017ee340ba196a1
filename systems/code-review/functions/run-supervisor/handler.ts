import { agentHandler } from '#runtime/index.ts';
import { reviewSupervisor } from '../../agents/supervisor.ts';

/** The worker of the supervisor's pool. */
export const handler = agentHandler(reviewSupervisor);
