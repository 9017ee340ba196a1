import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';

const about = z.strictObject({ topic: z.string() });

/** Writes a line about a topic. */
export const writer = defineAgent({
  name: 'writer',
  version: '1',
  description: 'Writes a line about a topic.',
  tier: 'fast',
  system: 'Write a line about the topic.',
  input: about,
  output: z.object({ line: z.string() }),
});

/** Says whether a topic is fit to print. */
export const checker = defineAgent({
  name: 'checker',
  version: '1',
  description: 'Checks whether a topic is fit to print.',
  tier: 'fast',
  system: 'Say whether the topic is fit to print.',
  input: about,
  output: z.object({ fit: z.boolean() }),
});

/** Gives each topic to the writer and to the checker, and prints what is fit. A minimal supervisor for tests. */
export const editor = defineAgent({
  name: 'editor',
  version: '1',
  description: 'Prints lines about topics.',
  tier: 'fast',
  system: 'Print a line about each topic that is fit to print.',
  input: z.strictObject({ topics: z.array(z.string()) }),
  output: z.object({ printed: z.array(z.string()) }),
  delegates: { writer, checker },
  // For 250 topics: the call that delegates names each of 500 tasks.
  budget: { tokens: 10_000_000, usd: 20 },
  maxOutputTokens: 40_000,
});
