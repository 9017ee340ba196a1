/** Calls a tool for the weather of the last word, then returns the result. */
export default {
  name: 'weather',
  matches: ({ tools }: Request) => tools.some(({ name }) => name === 'weather'),
  answer({ text, messages }: Request) {
    const result = messages.at(-1)?.toolResults[0];
    if (result) return { text: `It is ${result.text}.` };
    return { text: 'Let me look.', toolUse: [{ name: 'weather', input: { city: text.split(' ').at(-1) ?? '' } }] };
  },
};

interface Request {
  readonly text: string;
  readonly tools: readonly { readonly name: string }[];
  readonly messages: readonly { readonly toolResults: readonly { readonly text: string }[] }[];
}
