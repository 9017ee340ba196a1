/** The part of the simulated Claude's request that this rule reads. */
interface Request {
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly schema: object | null;
}

/** Repeats the last turn, so that each answer can be matched with its task: the same for all peers. */
export default {
  name: 'echo',
  matches: (): boolean => true,
  answer({ messages, schema }: Request) {
    const text = `You said: ${messages.findLast(({ role }) => role === 'user')?.text ?? ''}`;
    return schema === null ? { text } : { json: { text } };
  },
};
