import { ServiceError } from '../services/service.ts';

/** Whether an event matches. */
export type EventPattern = (event: unknown) => boolean;

/**
 * Compiles an EventBridge event pattern: nested objects that end in lists of allowed values. A value is a string, a number,
 * true, false, null or one of the operators `prefix`, `suffix`, `anything-but`, `exists`, `numeric` and
 * `equals-ignore-case`. Throws `InvalidParameterValueException` for every other operator.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(pattern: unknown): EventPattern {
  if (!isObject(pattern)) throw invalid('a pattern must be a JSON object');
  const fields = Object.entries(pattern).map(([name, allowed]) => {
    if (name === '$or') return either(allowed);
    if (Array.isArray(allowed)) return field(name, allowed.map(matcher));
    const nested = compilePattern(allowed);
    return (event: unknown) => nested(isObject(event) ? event[name] : undefined);
  });
  return (event) => fields.every((matches) => matches(event));
}

function either(alternatives: unknown): EventPattern {
  if (!Array.isArray(alternatives)) throw invalid('$or must be a list of patterns');
  const compiled = alternatives.map(compilePattern);
  return (event) => compiled.some((matches) => matches(event));
}

/** Compiles a field. A list in the event matches when one of its elements does. */
function field(name: string, matchers: readonly EventPattern[]): EventPattern {
  return (event) => {
    const value = isObject(event) ? event[name] : undefined;
    const candidates: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
    return candidates.some((candidate) => matchers.some((matches) => matches(candidate)));
  };
}

function matcher(allowed: unknown): EventPattern {
  if (!isObject(allowed)) return (value) => value === allowed;
  const [entry, ...more] = Object.entries(allowed);
  if (entry === undefined || more.length > 0) throw invalid('a matcher must have exactly one operator');
  const [operator, operand] = entry;
  const build = OPERATORS[operator];
  if (build === undefined) throw invalid(`the operator ${operator} is not supported`);
  return build(operand);
}

const OPERATORS: Readonly<Record<string, (operand: unknown) => EventPattern>> = {
  prefix: (operand) => (value) => typeof value === 'string' && value.startsWith(String(operand)),
  suffix: (operand) => (value) => typeof value === 'string' && value.endsWith(String(operand)),
  'equals-ignore-case': (operand) => (value) =>
    typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase(),
  exists: (operand) => (value) => (value !== undefined) === operand,
  'anything-but': (operand) => {
    const excluded = (Array.isArray(operand) ? operand : [operand]).map(matcher);
    return (value) => value !== undefined && !excluded.some((matches) => matches(value));
  },
  numeric: (operand) => {
    if (!Array.isArray(operand) || operand.length % 2 !== 0)
      throw invalid('numeric must be a list of pairs of comparison and number');
    const comparisons = Array.from({ length: operand.length / 2 }, (_, index) =>
      comparison(operand[2 * index], Number(operand[2 * index + 1])),
    );
    return (value) => typeof value === 'number' && comparisons.every((holds) => holds(value));
  },
};

function comparison(operator: unknown, bound: number): (value: number) => boolean {
  switch (operator) {
    case '=':
      return (value) => value === bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    default:
      throw invalid(`${JSON.stringify(operator)} is not a numeric comparison`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(reason: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', `Invalid event pattern: ${reason}.`);
}
