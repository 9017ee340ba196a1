import { agentHandler } from '#runtime/index.ts';
import { styleReviewer } from '../../agents/specialists.ts';

/** The worker of the style specialist's pool. */
export const handler = agentHandler(styleReviewer);
