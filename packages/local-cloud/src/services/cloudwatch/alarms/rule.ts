import type { AlarmState } from './decide.ts';

/** The rule of a composite alarm. */
export type AlarmRule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: 'not'; readonly of: AlarmRule }
  | { readonly kind: 'and' | 'or'; readonly left: AlarmRule; readonly right: AlarmRule };

/** A rule that is not valid or not supported. */
export class RuleError extends Error {}

const TOKEN = /\s*(?:"([^"]*)"|([^\s()"]+)|([()]))/y;

/**
 * Parses a rule such as `ALARM("a") AND NOT OK(b)`. Alarms are named, or given by their ARN; the parsed rule has names.
 * Throws `RuleError`, also for `AT_LEAST`, which is not supported.
 */
export function parseRule(text: string): AlarmRule {
  const tokens = tokensOf(text);
  const take = (): string => tokens.shift() ?? 'the end';
  const expect = (wanted: string): void => {
    const token = take();
    if (token !== wanted) throw new RuleError(`the rule ${text} has ${token} instead of ${wanted}`);
  };
  const primary = (): AlarmRule => {
    const token = take();
    if (token === 'NOT') return { kind: 'not', of: primary() };
    if (token === 'TRUE' || token === 'FALSE') return { kind: 'constant', value: token === 'TRUE' };
    if (token === '(') {
      const inner = either();
      expect(')');
      return inner;
    }
    if (token !== 'ALARM' && token !== 'OK' && token !== 'INSUFFICIENT_DATA')
      throw new RuleError(
        `the rule ${text} has ${token}. A composite alarm here has ALARM, OK, INSUFFICIENT_DATA, TRUE, FALSE, AND, OR and NOT`,
      );
    expect('(');
    const alarm = nameOf(take());
    expect(')');
    return { kind: 'state', state: token, alarm };
  };
  const both = (): AlarmRule => {
    let left = primary();
    while (tokens[0] === 'AND') {
      take();
      left = { kind: 'and', left, right: primary() };
    }
    return left;
  };
  const either = (): AlarmRule => {
    let left = both();
    while (tokens[0] === 'OR') {
      take();
      left = { kind: 'or', left, right: both() };
    }
    return left;
  };
  const rule = either();
  expect('the end');
  return rule;
}

/** Whether a rule holds. */
export function holds(rule: AlarmRule, stateOf: (alarm: string) => AlarmState): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'not':
      return !holds(rule.of, stateOf);
    case 'and':
      return holds(rule.left, stateOf) && holds(rule.right, stateOf);
    case 'or':
      return holds(rule.left, stateOf) || holds(rule.right, stateOf);
  }
}

/** The names of the alarms in a rule. */
export function alarmsIn(rule: AlarmRule): readonly string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [rule.alarm];
    case 'not':
      return alarmsIn(rule.of);
    case 'and':
    case 'or':
      return [...new Set([...alarmsIn(rule.left), ...alarmsIn(rule.right)])];
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const length = text.trimEnd().length;
  while (TOKEN.lastIndex < length) {
    const match = TOKEN.exec(text);
    if (match === null) throw new RuleError(`the rule ${text} has a quotation mark without its second one`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return tokens;
}

/** The name of an alarm that is given by its name or its ARN. */
const nameOf = (reference: string): string => reference.split(':alarm:').at(-1) ?? reference;
