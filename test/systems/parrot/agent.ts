import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';

/** A tool that only confirms its input. */
const note = defineTool({
  name: 'note',
  description: 'Notes a text.',
  input: z.strictObject({ text: z.string() }),
  run: async ({ text }) => `noted ${text}`,
});

const said = {
  name: 'parrot',
  description: 'Says its instruction back',
  tier: 'fast' as const,
  input: z.strictObject({ instruction: z.string().regex(/\S/, 'must not be blank') }),
  output: z.object({ text: z.string() }),
  tools: [note],
  maxOutputTokens: 512,
};

/** Repeats its instruction. `note:` in it makes the agent use its tool first. A minimal agent for tests of the API. */
export const parrot = defineAgent({ ...said, version: '1', system: 'Say the instruction back.' });
/** A later version with another prompt, as a deploy introduces it. */
export const nextParrot = defineAgent({ ...said, version: '2', system: 'Say the instruction back, louder.' });
