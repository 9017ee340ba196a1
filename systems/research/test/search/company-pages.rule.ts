import type { Rule } from '@agent-fleet/simulated-claude';

/** Searches for the words of the question, then answers with the addresses that were found. */
const rule: Rule = {
  name: 'company pages',
  matches: ({ tools }) => tools.some(({ name }) => name === 'final_answer'),
  answer({ text, searches }) {
    if (searches.length === 0) return { search: [text] };
    const pages = searches.flatMap(({ results }) => results.map(({ url }) => url));
    return { toolUse: [{ name: 'final_answer', input: { pages } }] };
  },
};
export default rule;
