/** Returns its input: as JSON if there is a schema, otherwise as text. */
export default {
  name: 'echo',
  matches: () => true,
  answer({ text, documents, schema, system }: Request) {
    const pages = documents.flatMap((document) => document.pages.map((page) => page.trim()));
    return schema ? { json: { text, pages } } : { text: [system, text, ...pages].filter(Boolean).join('\n') };
  },
};

interface Request {
  readonly system: string;
  readonly text: string;
  readonly documents: readonly { readonly pages: readonly string[] }[];
  readonly schema: unknown;
}
