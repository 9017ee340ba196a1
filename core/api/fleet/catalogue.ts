import { z } from 'zod';
import { agentCardSchema, type AgentCard } from '../../agents/agent-card.ts';
import { ApiProblem } from '../http/problem.ts';

/** The agents that the task API serves, by name. */
export type AgentCatalogue = ReadonlyMap<string, AgentCard>;

/** Reads the catalogue that the stack's synthesis wrote. Throws a `ZodError` for anything else. */
export function readCatalogue(json: unknown): AgentCatalogue {
  return new Map(
    z
      .array(agentCardSchema)
      .parse(json)
      .map((card) => [card.name, card]),
  );
}

/** The card of an agent. Throws `ApiProblem` that names those that there are. */
export function findAgent(agents: AgentCatalogue, name: string): AgentCard {
  const card = agents.get(name);
  if (card) return card;
  const known = [...agents.keys()].join(', ');
  throw new ApiProblem('cannot-accept', `There is no agent "${name}".`, [
    { field: 'agent', message: 'is not deployed here', remedy: `Use one of: ${known}.` },
  ]);
}
