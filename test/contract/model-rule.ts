import type { Rule } from '@agent-fleet/simulated-claude';

/** The simulated Claude's rule for the contract of models. See `sampleRequest`. */
const rule: Rule = {
  name: 'contract of models',
  matches: () => true,
  answer({ tools, messages, searches }) {
    if (tools.some(({ name }) => name === 'final_answer')) {
      // What a changed search found would be rejected.
      if (searches.length === 0) return { search: ['Acme'] };
      return { toolUse: [{ name: 'final_answer', input: { title: 'Mutual NDA', pages: 3 } }] };
    }
    const answered = messages.some(({ toolResults }) => toolResults.length > 0);
    if (tools.length > 0 && !answered) return { toolUse: [{ name: 'lookup', input: { company: 'Acme' } }] };
    return { json: { title: 'Mutual NDA', pages: 3 } };
  },
};
export default rule;
