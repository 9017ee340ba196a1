import { fill, type Words } from './improvise.ts';
import type { Rule, RuleRequest } from './rules.ts';

/**
 * For agents that have no rule of their own; pass it last. Calls each tool once and fills its parameters from the input.
 * Then fills the output schema from the tool results. It does not understand any of them.
 */
const rule: Rule = {
  name: 'improvise',
  matches: ({ schema, tools }) => schema !== null || tools.length > 0,
  answer(request) {
    const used = new Set(request.messages.flatMap(({ toolUses }) => toolUses.map(({ name }) => name)));
    const tool = request.tools.find(({ name }) => !used.has(name));
    const asked = wordsOf(request);
    if (tool) return { toolUse: [{ name: tool.name, input: asRecord(fill(tool.inputSchema, asked)) }] };
    const results = request.messages.flatMap(({ toolResults }) => toolResults.map(({ text }) => text));
    const text = `[simulated] ${results.length > 0 ? results.join(' ') : asked.text}`;
    if (request.schema === null) return { text };
    const given = Object.assign({}, asked.given, ...results.map(asRecordOfJson)) as Words['given'];
    return { json: fill(request.schema, { text, given, whole: true }) as never };
  },
};
export default rule;

/** The task's input: its fields if it is a JSON object, otherwise its text. */
function wordsOf({ messages, text }: RuleRequest): Words {
  const last = messages.findLast(({ role, toolResults }) => role === 'user' && toolResults.length === 0)?.text ?? text;
  const given = asRecordOfJson(last);
  const words = Object.values(given).filter((value) => typeof value === 'string' || typeof value === 'number');
  return { given, text: words.length > 0 ? words.join(' ') : last, whole: false };
}

function asRecordOfJson(text: string): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return {};
  }
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
