import { defineAgent } from '#core/agents/define-agent.ts';
import { z } from 'zod';
import { assistant } from '#systems/assistant/agents/assistant.ts';

/** The next version of the assistant, as a later release would introduce it: tasks of the version before are finished. */
export const nextAssistant = defineAgent({
  name: assistant.name,
  version: `${assistant.version}-next`,
  description: assistant.description,
  tier: assistant.tier,
  system: `${assistant.system} Answer in one sentence.`,
  input: z.strictObject({ instruction: z.string().regex(/\S/, 'must not be blank') }),
  output: z.strictObject({ text: z.string() }),
  prepare: ({ instruction }) => Promise.resolve({ content: [{ type: 'text', text: instruction }], context: undefined }),
  earlier: [assistant],
});
