import { withServices } from '#core/agents/define-agent.ts';
import { agentHandler } from '#runtime/index.ts';
import { reader } from '../../agents/reader.ts';
import { servicesOfFunction } from '../run-scout/services.ts';

/** The worker of the reader's pool. */
export const handler = agentHandler(withServices(reader, servicesOfFunction()));
