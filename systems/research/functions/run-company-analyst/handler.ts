import { agentHandler, collectHandler } from '#runtime/index.ts';
import { companyAnalyst } from '../../agents/company-analyst.ts';

/** The worker of the analyst's pool. */
export const handler = agentHandler(companyAnalyst);

/** Collects economy tasks of the analyst into batches. */
export const collect = collectHandler(companyAnalyst);
