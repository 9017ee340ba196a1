import { withServices } from '#core/agents/define-agent.ts';
import { agentHandler, parseEnv } from '#runtime/index.ts';
import { contractAnalyst } from '../../agents/contract-analyst.ts';
import { analystEnv } from './env.ts';

const { SCANS } = parseEnv(analystEnv);

/** The worker of the contract analyst's pool. */
export const handler = agentHandler(withServices(contractAnalyst, { acceptScans: SCANS === 'read' }));
