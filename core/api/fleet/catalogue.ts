import { z } from 'zod';
import { agentCardSchema, type AgentCard } from '../../agents/agent-card.ts';
import { ApiProblem } from '../http/problem.ts';

/** The agents that the task API serves, by name. */
export type AgentCatalogue = ReadonlyMap<string, AgentCard>;

/** Parses the catalogue that synthesis wrote next to the function's code. Throws a `ZodError` if it is invalid. */
export function parseCatalogue(json: unknown): AgentCatalogue {
  return new Map(
    z
      .array(agentCardSchema)
      .parse(json)
      .map((card) => [card.name, card]),
  );
}

/** What the error of an unknown agent says of the field `agent`. */
export const NOT_DEPLOYED = 'is not a deployed agent';

/** Returns the card of an agent. Throws an `ApiProblem` that lists the deployed agents if there is none. */
export function findAgent(agents: AgentCatalogue, name: string): AgentCard {
  const card = agents.get(name);
  if (card) return card;
  const known = [...agents.keys()].join(', ');
  throw new ApiProblem('cannot-accept', `The agent "${name}" does not exist.`, [
    { field: 'agent', message: NOT_DEPLOYED, remedy: `Use one of: ${known}.` },
  ]);
}
