import { agentHandler } from '#runtime/index.ts';
import { companyAnalyst } from '../../agents/company-analyst.ts';

/** The worker of the analyst's pool. */
export const handler = agentHandler(companyAnalyst);
