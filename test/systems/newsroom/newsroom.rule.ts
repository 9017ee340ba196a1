import type { Rule } from '@agent-fleet/simulated-claude';

interface Result {
  readonly to: string;
  readonly state: string;
  readonly output?: { readonly line?: string; readonly fit?: boolean };
}

/** Answers for the three agents of the newsroom. A topic with `false` in it is not fit to print. */
const rule: Rule = {
  name: 'newsroom',
  matches: ({ system }) => system.includes('topic'),
  answer({ tools, messages, system }) {
    const input = JSON.parse(messages[0]?.text ?? '{}') as { topic?: string; topics?: string[] };
    if (tools.length === 0) {
      const topic = input.topic ?? '';
      return { json: system.startsWith('Write') ? { line: `All about ${topic}` } : { fit: !topic.includes('false') } };
    }
    const read = messages.at(-1)?.toolResults[0];
    if (!read) {
      const tasks = (input.topics ?? []).flatMap((topic) =>
        ['writer', 'checker'].map((to) => ({ to, input: { topic } })),
      );
      return { toolUse: [{ name: 'delegate', input: { tasks } }] };
    }
    const { results } = JSON.parse(read.text) as { results: Result[] };
    const lines = results.filter(({ to }) => to === 'writer').map(({ output }) => output?.line ?? '');
    const fit = results.filter(({ to }) => to === 'checker').map(({ output }) => output?.fit === true);
    return { json: { printed: lines.filter((_, index) => fit[index]) } };
  },
};
export default rule;
