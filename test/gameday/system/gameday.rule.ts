import type { Rule } from '@agent-fleet/simulated-claude';

/** Times that a long answer says its four tokens. */
const LONG = 200;

/** Calls the tool that the input names, once, and then answers. */
const rule: Rule = {
  name: 'gameday',
  matches: ({ tools }) => tools.some(({ name }) => name === 'explode'),
  answer({ text, messages }) {
    const result = messages.at(-1)?.toolResults[0];
    const { does } = JSON.parse(text) as { does: string };
    if (does === 'ramble') return { json: { text: 'And another thing. '.repeat(LONG) } };
    if (result || does === 'answer') return { json: { text: result?.isError === true ? 'The tool failed.' : 'Done.' } };
    return { toolUse: [{ name: does, input: {} }] };
  },
};
export default rule;
