import { z } from 'zod';
import { stored } from '../stored/record.ts';
import { startOf } from '../text/text.ts';
import { utf8Length } from '../text/utf8-length.ts';

/** A finished task as the next one's conversation shows it. */
const words = {
  user: z.string().min(1),
  assistant: z.string().min(1),
  /** An estimate of both together, see `turnOf`. */
  tokens: z.number().int().nonnegative(),
};

export const turnSchema = stored({
  ...words,
  /** Stands for the oldest turns of the session from now on, up to that of the task `upTo`. */
  summary: stored({ ...words, upTo: z.string() }).optional(),
});
export type Turn = z.infer<typeof turnSchema>;

/** A turn as its session keeps it. */
export const keptTurnSchema = stored({
  ...words,
  /** It is a summary that replaced older turns. */
  isSummary: z.literal(true).optional(),
});

/** How a finished task reads in the conversation. */
export interface Said {
  readonly user: string;
  readonly assistant: string;
}

/** English takes about four bytes a token, code and other languages less: three errs on the safe side. */
const BYTES_PER_TOKEN = 3;

/** Replaces empty text, which the model's API rejects. */
const NOTHING = '(nothing)';

/**
 * A turn with an estimate of its tokens. Each half is cut at a quarter of the limit, so that the newest turn never
 * pushes out all others by itself. A lone surrogate is replaced: one would spoil every later request of the session.
 */
export function turnOf(said: Said, tokenLimit: number): Turn {
  const mostBytes = Math.floor((tokenLimit * BYTES_PER_TOKEN) / 4);
  const [user, assistant] = [cut(said.user.toWellFormed(), mostBytes), cut(said.assistant.toWellFormed(), mostBytes)];
  return { user, assistant, tokens: Math.ceil((utf8Length(user) + utf8Length(assistant)) / BYTES_PER_TOKEN) };
}

/** The instruction of a task, or its input as JSON; the text of an answer, or the answer as JSON. */
export function plainTurn(input: unknown, output: unknown): Said {
  return { user: textIn(input, 'instruction'), assistant: textIn(output, 'text') };
}

function textIn(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && field in value) {
    const text: unknown = Reflect.get(value, field);
    if (typeof text === 'string') return text;
  }
  return JSON.stringify(value) ?? NOTHING;
}

function cut(text: string, mostBytes: number): string {
  if (text.trim() === '') return NOTHING;
  if (utf8Length(text) <= mostBytes) return text;
  // No character takes more than four bytes.
  return `${startOf(text, Math.floor(mostBytes / 4))} …`;
}
