import { existsSync } from 'node:fs';

/**
 * The example systems, each with the commands that it adds. CONTRIBUTING.md says how to remove one: no test may then
 * fail, so whatever the documents still say of a removed one is not checked. The assistant stays, because the platform's
 * own tests use it.
 */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  'code-review': ['review', 'github'],
  documents: ['documents'],
  'market-monitor': ['market', 'rules', 'alerts'],
  research: ['research'],
  support: ['support'],
};

const isThere = (system: string): boolean => existsSync(`systems/${system}`);

const removed = Object.keys(EXAMPLES).filter((system) => !isThere(system));
export const isAnyRemoved = removed.length > 0;

/** The systems that this project ships and this checkout has. Systems of one's own are not among them. */
export const SHIPPED: readonly string[] = ['assistant', ...Object.keys(EXAMPLES)].filter(isThere);
const removedCommands = new Set(removed.flatMap((system) => EXAMPLES[system] ?? []));

/** `-c` options of systems, without those of removed examples. */
export const settingsOfShipped = (settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => SHIPPED.includes(key.split('.')[0] ?? '')));

/** Whether a path of the project lies in an example that was removed. */
export const isRemoved = (path: string): boolean =>
  removed.some((system) => path === `systems/${system}` || path.startsWith(`systems/${system}/`));

/** Whether a command, as it is typed after `fleet`, belongs to an example that was removed. */
export const isRemovedCommand = (typed: string): boolean => removedCommands.has(typed.split(' ')[0] ?? '');
