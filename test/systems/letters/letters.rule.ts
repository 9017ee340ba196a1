import type { Rule } from '@agent-fleet/simulated-claude';

/** Answers for the reader of letters: its answer is the first sentence of the letter. */
const rule: Rule = {
  name: 'letters',
  matches: ({ system }) => system.includes('the writer of the letter wants'),
  answer: ({ messages }) => ({ json: { wish: (messages[0]?.text ?? '').split('.')[0]?.trim() ?? '' } }),
};
export default rule;
