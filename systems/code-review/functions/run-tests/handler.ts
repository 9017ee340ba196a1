import { agentHandler } from '#runtime/index.ts';
import { testsReviewer } from '../../agents/specialists.ts';

/** The worker of the tests specialist's pool. */
export const handler = agentHandler(testsReviewer);
