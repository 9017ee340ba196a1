import { environment } from './environment.ts';
import { problemOfTree } from './limits.ts';
import type { Rule } from './rule.ts';
import type { Variables } from './variables.ts';

/** What is wrong with a rule, for the person who wrote it. */
export interface RuleProblem {
  readonly rule: string;
  readonly field: 'when' | 'step';
  /** From 1. */
  readonly column: number;
  readonly message: string;
}

/** An expression that was checked. It throws `EvaluationError` where a value has no result, such as `1 / 0`. */
type Expression = (variables: Variables) => unknown;

export interface CompiledRule {
  readonly rule: Rule;
  readonly when: Expression;
  readonly step: Expression | null;
  /** Whether its result depends on the portfolio. If not, one evaluation serves all. */
  readonly isPersonal: boolean;
  /** Names of the figures that it reads. */
  readonly figures: ReadonlySet<string>;
}

type Compiled =
  | { readonly ok: true; readonly rule: CompiledRule }
  | { readonly ok: false; readonly problems: RuleProblem[] };

/** Checks a rule's expressions and makes them callable. It evaluates nothing. */
export function compileRule(rule: Rule): Compiled {
  const when = compile(rule, 'when', rule.when, 'bool');
  const step = rule.step === undefined ? null : compile(rule, 'step', rule.step, 'double');
  if (isProblem(when) || isProblem(step)) return { ok: false, problems: [when, step].filter(isProblem) };
  const text = `${rule.when} ${rule.step ?? ''}`;
  const isPersonal = /\b(?:position|limits)\b/.test(text);
  const figures = new Set([...text.matchAll(/\b(?:m|position)\s*\.\s*(\w+)/g)].map(([, name = '']) => name));
  return { ok: true, rule: { rule, when, step, isPersonal, figures } };
}

const isProblem = (value: Expression | RuleProblem | null): value is RuleProblem =>
  typeof value === 'object' && value !== null && 'message' in value;

const NUMBERS: ReadonlySet<string | undefined> = new Set(['double', 'int']);

function compile(rule: Rule, field: 'when' | 'step', text: string, type: 'bool' | 'double'): Expression | RuleProblem {
  const problem = (column: number, message: string): RuleProblem => ({ rule: rule.id, field, column, message });
  const { valid, type: actual, error } = environment.check(text);
  if (!valid) return problem((error?.range?.start ?? 0) + 1, remedy(error?.summary ?? 'It is not valid CEL'));
  const parsed = environment.parse(text);
  const tree = problemOfTree(parsed.ast);
  if (tree !== null) return problem(tree.at + 1, tree.message);
  const fits = type === 'double' ? NUMBERS.has(actual) : actual === type;
  if (!fits)
    return problem(
      1,
      type === 'bool'
        ? `must be true or false, and is ${actual}. Compare it: m.dayPct >= 5.`
        : `must be a number, and is ${actual}.`,
    );
  return (variables) => parsed({ ...variables });
}

/** Adds what to do to what the library says is wrong. */
function remedy(summary: string): string {
  const said = summary.endsWith('.') ? summary : `${summary}.`;
  if (summary.startsWith('Exceeded')) return `The expression is too large: ${said} Split it into several rules.`;
  if (summary.startsWith('Unknown variable')) return `${said} The variables are event, m, position, limits and last.`;
  if (summary.startsWith('No such key')) return `${said} The README of the rules lists the fields of each variable.`;
  if (/double.*int|int.*double/.test(summary)) return `${said} Write numbers with a point: 5.0 instead of 5.`;
  return said;
}
