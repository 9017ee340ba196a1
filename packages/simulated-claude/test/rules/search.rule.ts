/** Searches for the words of the question, one search for each line, then says what was found. */
export default {
  name: 'search',
  matches: ({ text }: Request) => text.startsWith('Search:'),
  answer({ text, searches }: Request) {
    const next = text.split('\n').slice(1)[searches.length];
    if (next !== undefined) return { search: [next] };
    return { text: searches.map(({ error, results }) => error ?? results.map(({ url }) => url).join(' ')).join('; ') };
  },
};

interface Request {
  readonly text: string;
  readonly searches: readonly {
    readonly error: string | null;
    readonly results: readonly { readonly url: string }[];
  }[];
}
