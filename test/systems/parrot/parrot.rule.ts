import type { Rule } from '@agent-fleet/simulated-claude';

/** Repeats the instruction, with the system prompt and the number of earlier turns. */
const rule: Rule = {
  name: 'parrot',
  matches: ({ tools }) => tools.some(({ name }) => name === 'note'),
  answer({ system, messages }) {
    const asked = messages.filter(({ role, text }) => role === 'user' && text !== '');
    const { instruction } = JSON.parse(asked.at(-1)?.text ?? '{}') as { instruction?: string };
    const noted = messages.at(-1)?.toolResults[0];
    if (instruction?.includes('note:') === true && !noted) {
      return { toolUse: [{ name: 'note', input: { text: instruction } }] };
    }
    return { json: { text: `${system} | ${asked.length} | ${noted?.text ?? instruction?.slice(-1_000) ?? ''}` } };
  },
};
export default rule;
