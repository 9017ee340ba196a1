import type { ReviewedPart } from '../findings/finding.ts';

/** The part of the simulated Claude's request that this rule reads. */
interface Request {
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } | null;
  readonly tools: readonly { readonly name: string }[];
  readonly messages: readonly {
    readonly toolResults: readonly { readonly text: string; readonly isError: boolean }[];
  }[];
}

interface Result {
  readonly state: string;
  readonly output?: ReviewedPart;
}

/** Supervises a review for the simulated Claude: delegates the parts, then counts what came back. It doubts nothing. */
export default {
  name: 'review-supervisor',
  matches: ({ schema, tools }: Request): boolean =>
    'doubtful' in (schema?.properties ?? {}) && tools.some(({ name }) => name === 'review-parts'),
  answer({ messages }: Request) {
    const read = messages.flatMap(({ toolResults }) => toolResults).at(-1);
    if (read === undefined) return { toolUse: [{ name: 'review-parts', input: {} }] };
    if (read.isError) return { json: { summary: '[simulated] The parts could not be delegated.', doubtful: [] } };
    const { results } = JSON.parse(read.text) as { results: Result[] };
    const found = results.flatMap(({ output }) => output?.findings ?? []).length;
    const ended = results.filter(({ state }) => state === 'succeeded').length;
    const summary = `[simulated] ${ended} of ${results.length} parts were read, with ${found} finding${found === 1 ? '' : 's'}.`;
    return { json: { summary, doubtful: [] } };
  },
};
