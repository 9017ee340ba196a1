import { globSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '..');

/** The rules of all systems for the simulated Claude, by path, and last the one for agents that have none. */
export const claudeRules: readonly string[] = [
  ...globSync('systems/*/simulated-claude/*.rule.ts', { cwd: PROJECT }).toSorted(),
  'packages/simulated-claude/src/improvise.rule.ts',
].map((rule) => join(PROJECT, rule));
