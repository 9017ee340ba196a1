import { readFileSync } from 'node:fs';
import { parseCatalogue, type AgentCatalogue } from '#core/api/fleet/catalogue.ts';

/** The agents of all pools, from the file that synthesis writes next to the function's code. */
export function agentCatalogue(): AgentCatalogue {
  return parseCatalogue(JSON.parse(readFileSync(new URL('./agents.json', import.meta.url), 'utf8')));
}
