import { readFileSync } from 'node:fs';
import { readCatalogue, type AgentCatalogue } from '#core/api/fleet/catalogue.ts';

/** The agents of all pools: a file that the stack's synthesis puts beside the function's code. */
export function agentCatalogue(): AgentCatalogue {
  return readCatalogue(JSON.parse(readFileSync(new URL('./agents.json', import.meta.url), 'utf8')));
}
