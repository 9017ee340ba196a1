import { agentHandler } from '#runtime/index.ts';
import { contractAnalyst } from '../../agents/contract-analyst.ts';

/** The worker of the contract analyst's pool. */
export const handler = agentHandler(contractAnalyst);
