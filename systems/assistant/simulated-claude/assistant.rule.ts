import { shorten } from '#core/text/text.ts';
import { arithmeticIn } from './arithmetic.ts';

/** The part of the simulated Claude's request that this rule reads. */
interface Request {
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly tools: readonly unknown[];
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } | null;
}

/** Answers as the assistant, by rules: sums, facts from the session, or else a repetition of the instruction. */
export default {
  name: 'assistant',
  matches: ({ schema, tools }: Request): boolean =>
    tools.length === 0 && Object.keys(schema?.properties ?? {}).join() === 'text',
  answer({ messages }: Request) {
    const said = messages.filter(({ role }) => role === 'user').map(({ text }) => text);
    return { json: { text: `[simulated] ${reply(said.at(-1) ?? '', said.slice(0, -1))}` } };
  },
};

function reply(instruction: string, before: readonly string[]): string {
  const sum = arithmeticIn(instruction);
  if (sum) return `${sum.sum} = ${sum.value}`;
  return recall(instruction, before) ?? summary(instruction, before);
}

const ASKED = /\bwhat(?: is|'s|’s| was) my ([\p{L} ]+?)\s*[?.]/iu;
const TOLD = /\bmy ([\p{L} ]+?) (?:is|are) ([^.!?\n]+)/giu;
const REVIEW = /\bwhat (?:did i|have i) (?:just )?(?:say|said|ask|asked|tell|told)\b/i;

/** Answers a question about the session; null if the instruction does not ask one. */
function recall(instruction: string, before: readonly string[]): string | null {
  if (REVIEW.test(instruction)) {
    return before.length === 0 ? 'You have said nothing before this.' : `You said: ${before.map(quoted).join(', ')}.`;
  }
  const asked = ASKED.exec(instruction)?.[1]?.toLowerCase();
  if (asked === undefined) return null;
  const facts = before.flatMap((text) => [...text.matchAll(TOLD)]);
  const told = facts.findLast(([, what]) => what?.toLowerCase() === asked)?.[2];
  return told === undefined ? `You have not told me your ${asked} in this session.` : `Your ${asked} is ${told}.`;
}

function summary(instruction: string, before: readonly string[]): string {
  const words = instruction.trim().split(/\s+/).length;
  const earlier = before.length === 0 ? '' : ` It follows ${counted(before.length, 'earlier turn')} of the session.`;
  return `You ask, in ${counted(words, 'word')}: ${quoted(instruction)}.${earlier}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A text in quotes, cut to 120 characters. */
function quoted(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return `“${shorten(line, 120)}”`;
}
