import type { Unit } from '../change/units.ts';
import type { Specialist } from '../findings/finding.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { TIERS } from './names.ts';
import { readersOf } from './orders.ts';

/**
 * What a specialist's call does with the provider's cache. Specialists of one tier send the same but for their last words,
 * so the first of them writes a part of the change for the others. Alone, it would pay for the write in vain.
 */
export type Caching = 'none' | 'writes' | 'reads';

/**
 * Tokens below which the provider caches no prompt, for the models of the tiers (platform.claude.com, "Prompt caching":
 * Sonnet 1,024, Haiku 4,096).
 */
const LEAST_TOKENS = { balanced: 1_024, fast: 4_096 } as const;
/** At least: so nobody waits for a prompt that turns out too short to be cached. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Seconds after which the first reader's answer has begun, as a rule. What it has written can be read from then on; a call
 * that begins before writes it again, and pays for it.
 */
export const WRITTEN_AFTER = 3;

/** @param tokens of its message, at least */
export function cachingOf(specialist: Specialist, files: Unit, tokens: number): Caching {
  const tier = TIERS[specialist];
  const sharers = readersOf(files).filter((each) => TIERS[each] === tier);
  if (sharers.length < 2 || tokens < LEAST_TOKENS[tier]) return 'none';
  return sharers[0] === specialist ? 'writes' : 'reads';
}

/** Tokens of the system prompt and of a message, at least. */
export const tokensWith = (message: string): number => (INSTRUCTIONS.length + message.length) / CHARACTERS_PER_TOKEN;
