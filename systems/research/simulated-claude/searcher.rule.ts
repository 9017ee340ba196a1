/** The part of the simulated Claude's request that this rule reads. */
interface Request {
  readonly text: string;
  readonly tools: readonly { readonly name: string }[];
  readonly searches: readonly { readonly results: readonly { readonly url: string; readonly title: string }[] }[];
}

const MAX_PAGES = 4;

/** Searches once for the company's name, and names the first pages of which it is the title's. It has no judgement. */
export default {
  name: 'research-searcher',
  matches: ({ text, tools }: Request): boolean =>
    text.startsWith('<company-') && tools.some(({ name }) => name === 'final_answer'),
  answer({ text, searches }: Request) {
    const name = /^Company:\n> (.*)$/m.exec(text)?.[1] ?? '';
    if (searches.length === 0) return { search: [`${name} news`] };
    const first = name.split(/[\s,]/)[0]?.toLowerCase() ?? '';
    const pages = searches
      .flatMap(({ results }) => results)
      .filter(({ title }) => title.toLowerCase().includes(first))
      .map(({ url }) => url);
    return { toolUse: [{ name: 'final_answer', input: { pages: [...new Set(pages)].slice(0, MAX_PAGES) } }] };
  },
};
