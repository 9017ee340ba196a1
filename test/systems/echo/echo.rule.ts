import type { Rule } from '@agent-fleet/simulated-claude';

/** Repeats the last message, and counts the earlier ones. */
const rule: Rule = {
  name: 'echo',
  matches: ({ system }) => system.startsWith('Repeat the instruction'),
  answer({ messages }) {
    const { instruction } = JSON.parse(messages.at(-1)?.text ?? '{}') as { instruction: string };
    return { json: { text: instruction, turns: (messages.length - 1) / 2 } };
  },
};
export default rule;
