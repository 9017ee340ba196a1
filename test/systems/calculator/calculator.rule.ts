import type { Rule } from '@agent-fleet/simulated-claude';

/** Runs the code after `run:` in the question, and answers with the result. */
const rule: Rule = {
  name: 'calculator',
  matches: ({ tools }) => tools.some(({ name }) => name === 'run-code'),
  answer({ text, messages }) {
    const result = messages.at(-1)?.toolResults[0];
    if (result) return { json: { answer: result.text, failed: result.isError } };
    const { question } = JSON.parse(text) as { question: string };
    return { toolUse: [{ name: 'run-code', input: { code: question.split('run:')[1] ?? '' } }] };
  },
};
export default rule;
