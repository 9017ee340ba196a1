import { arnPattern, wildcard } from './pattern.ts';
import type { Matches } from './pattern.ts';

/** The condition keys of a request. Keys are in lower case. */
export type RequestContext = Readonly<Partial<Record<ContextKey, string> & Record<SetKey, readonly string[]>>>;

const KEYS = [
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:requestedregion',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  's3:prefix',
  'ses:fromaddress',
] as const;
type ContextKey = (typeof KEYS)[number];
/** Keys with several values. */
const SET_KEYS = ['dynamodb:leadingkeys'] as const;
type SetKey = (typeof SET_KEYS)[number];

/** Whether a request meets a condition. */
export type Condition = (context: RequestContext) => boolean;

/** How each operator compares a value. A negated operator holds when no value matches. */
const OPERATORS: Readonly<Record<string, (value: string) => Matches>> = {
  StringEquals: (value) => (text) => text === value,
  StringEqualsIgnoreCase: (value) => (text) => text.toLowerCase() === value.toLowerCase(),
  StringLike: wildcard,
  ArnEquals: arnPattern,
  ArnLike: arnPattern,
  Bool: (value) => (text) => text.toLowerCase() === value.toLowerCase(),
};

/** Compiles one operator on one key. Throws an `Error` when either is not supported. */
export function compileCondition(operator: string, key: string, values: readonly string[]): Condition {
  const set = SET_KEYS.find((each) => each === key.toLowerCase());
  if (set !== undefined) return compileSet(operator, set, values);
  const name = key.toLowerCase() as ContextKey;
  if (!KEYS.includes(name)) {
    const known = [...KEYS, ...SET_KEYS].join(', ');
    throw new Error(`the condition key ${key} is not supported. Supported keys: ${known}`);
  }
  if (operator === 'Null') {
    const absent = values.includes('true');
    return (context) => (context[name] === undefined) === absent;
  }
  const ifExists = operator.endsWith('IfExists');
  const base = ifExists ? operator.slice(0, -'IfExists'.length) : operator;
  const negated = base.includes('Not');
  const compile = OPERATORS[base.replace('Not', '')];
  if (compile === undefined) {
    const known = Object.keys(OPERATORS).join(', ');
    throw new Error(
      `the condition operator ${operator} is not supported. Supported operators: Null, ${known}, with Not and IfExists`,
    );
  }
  const matchers = values.map(compile);
  return (context) => {
    const value = context[name];
    // For a key that the request does not have, only a negated operator holds.
    if (value === undefined) return ifExists || negated;
    return matchers.some((matches) => matches(value)) !== negated;
  };
}

const EACH = 'ForAllValues:';

/** Each value of the request must match. As on AWS, it holds for a request without the key: grant no action without one. */
function compileSet(operator: string, name: SetKey, values: readonly string[]): Condition {
  const compile = operator.startsWith(EACH) ? OPERATORS[operator.slice(EACH.length)] : undefined;
  if (compile === undefined) {
    throw new Error(
      `the condition operator ${operator} is not supported for ${name}. Use ForAllValues:StringEquals or ForAllValues:StringLike`,
    );
  }
  const matchers = values.map(compile);
  return (context) => (context[name] ?? []).every((value) => matchers.some((matches) => matches(value)));
}
