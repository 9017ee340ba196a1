import type { Rule } from '@agent-fleet/simulated-claude';

/** Answers for the scout and the analyst. Of a company whose name has `broken` in it, the analyst returns no score. */
const rule: Rule = {
  name: 'companies',
  matches: ({ system }) => system.includes('new about the company') || system.includes('news matter'),
  answer({ messages, system }) {
    const text = messages[0]?.text ?? '';
    if (system.includes('new about the company')) return { json: { news: ['A new factory.'] } };
    return { json: text.includes('broken') ? { score: 'none' } : { score: 70 } };
  },
};
export default rule;
