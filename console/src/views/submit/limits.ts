import type { Field } from './fields.ts';
import { inputOf, type Entries } from './input-of.ts';

const optional = (label: string, description: string, control: Field['control']): Field => ({
  path: [label],
  label,
  description,
  required: false,
  control,
  initial: undefined,
});
const text = { kind: 'text', long: false, most: 128 } as const;

/** What may be set for every task. */
export const LIMITS: readonly Field[] = [
  optional('Budget in US dollars', 'Most that the task may cost. The default is the agent’s budget.', {
    kind: 'number',
    whole: false,
  }),
  optional('Session', 'Tasks of a session run one after another and share a conversation.', text),
  optional('Priority', 'The default is “default”. “economy” answers within a day, at half the price.', {
    kind: 'choice',
    of: ['high', 'default', 'economy'],
  }),
];

type Limits =
  | {
      readonly ok: true;
      /** Fields of `POST /tasks`. */
      readonly body: Readonly<Record<string, unknown>>;
      /** Options of `fleet submit`. */
      readonly options: Readonly<Record<string, string | undefined>>;
    }
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** The limits that a form describes. */
export function limitsOf(entries: Entries): Limits {
  const read = inputOf(LIMITS, entries);
  if (!read.ok) return read;
  const given = read.input as Readonly<Record<string, string | number | undefined>>;
  const [usd, sessionId, priority] = LIMITS.map(({ label }) => given[label]);
  return {
    ok: true,
    body: {
      ...(usd !== undefined && { budget: { usd } }),
      ...(sessionId !== undefined && { sessionId }),
      ...(priority !== undefined && { priority }),
    },
    options: {
      'budget-usd': usd === undefined ? undefined : String(usd),
      session: sessionId?.toString(),
      priority: priority?.toString(),
    },
  };
}
