/** Fails in the way that the user's text names. */
export default {
  name: 'clumsy',
  matches: () => true,
  answer({ text }: { readonly text: string }): unknown {
    if (text === 'throw') throw new Error('clumsy on purpose');
    if (text === 'nonsense') return { neither: 'json nor text' };
    return { json: { wrong: true } };
  },
};
