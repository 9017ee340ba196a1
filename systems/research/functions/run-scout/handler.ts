import { withServices } from '#core/agents/define-agent.ts';
import { agentHandler } from '#runtime/index.ts';
import { scout } from '../../agents/scout.ts';
import { servicesOfFunction } from './services.ts';

/** The worker of the scout's pool. */
export const handler = agentHandler(withServices(scout, servicesOfFunction()));
