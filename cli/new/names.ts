import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../fleet/paths.ts';
import { UserError, wrongUsage } from '../user-error.ts';

/** The names that a new agent's files use. */
export interface AgentNames {
  /** `price-watch`: the folder, the system, the agent, its queues and functions. */
  readonly name: string;
  /** `priceWatch`: begins its constants. */
  readonly camel: string;
  /** `PriceWatch`: begins its classes. */
  readonly pascal: string;
}

/** Stricter than `defineAgent`: no two names make the same constant. */
const NAME = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;
const MAX_NAME_LENGTH = 41;
/** Stacks that every fleet has. */
const TAKEN = new Set(['platform', 'api']);

/** Checks a new agent's name. Throws a `UserError` that says what is wrong with it. */
export function agentNames(name: string, agents: readonly string[]): AgentNames {
  if (!NAME.test(name) || name.length < 2 || name.length > MAX_NAME_LENGTH)
    throw wrongUsage(
      `"${name}" is not a name for an agent.`,
      `Use 2 to ${MAX_NAME_LENGTH} lower case letters, digits and single dashes, a letter first: price-watch.`,
    );
  if (TAKEN.has(name) || agents.includes(name) || existsSync(join(PROJECT, 'systems', name)))
    throw new UserError(`The name "${name}" is taken.`, 'Choose another name; nothing was written.');
  const pascal = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { name, camel: pascal.charAt(0).toLowerCase() + pascal.slice(1), pascal };
}
