import { ServiceError } from '../service.ts';
import { valueAt } from './selector.ts';

/** A part of a pattern. */
interface Part {
  readonly test: (record: unknown) => boolean;
  /** Texts that occur in every line that matches. Most lines lack them, and are not parsed. */
  readonly words: readonly string[];
}

/**
 * Parses a filter pattern on JSON, such as `{ $.level = "ERROR" && ($.count > 3 || $.task NOT EXISTS) }`. Lines that are
 * not JSON do not match. Throws `InvalidParameterException` for anything else, and for regular expressions.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
 */
export function jsonFilter(pattern: string): (text: string) => boolean {
  const { test, words } = new PatternReader(pattern).read();
  return (text) => {
    if (!text.startsWith('{') || words.some((word) => !text.includes(word))) return false;
    try {
      return test(JSON.parse(text));
    } catch {
      return false;
    }
  };
}

const TOKEN = /\s*(&&|\|\||[(){}]|[<>!]?=|[<>]|"(?:[^"\\]|\\.)*"|\$[^\s=<>!&|(){}]*|[^\s=<>!&|(){}"]+)/y;

/** A recursive descent: `||` binds weaker than `&&`. */
class PatternReader {
  readonly #pattern: string;
  readonly #tokens: string[] = [];

  constructor(pattern: string) {
    this.#pattern = pattern;
    const text = pattern.trimEnd();
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const [, token] = TOKEN.exec(text) ?? [];
      if (token === undefined) throw this.#invalid();
      this.#tokens.push(token);
    }
  }

  read(): Part {
    this.#expect('{');
    const part = this.#either();
    this.#expect('}');
    if (this.#tokens.length > 0) throw this.#invalid();
    return part;
  }

  #either(): Part {
    const parts = [this.#all()];
    while (this.#take('||')) parts.push(this.#all());
    const [first, ...others] = parts.map((part) => part.words);
    const words = [...(first ?? [])].filter((word) => others.every((other) => other.includes(word)));
    return { test: (record) => parts.some(({ test }) => test(record)), words };
  }

  #all(): Part {
    const parts = [this.#one()];
    while (this.#take('&&')) parts.push(this.#one());
    const words = parts.flatMap((part) => part.words);
    return { test: (record) => parts.every(({ test }) => test(record)), words };
  }

  #one(): Part {
    if (this.#take('(')) {
      const part = this.#either();
      this.#expect(')');
      return part;
    }
    const read = valueAt(this.#next());
    if (read === null) throw this.#invalid();
    const [operator, operand] = this.#tokens;
    const condition = this.#condition();
    const word = operator === '=' ? /^"([\w.:-]+)"$/.exec(operand ?? '')?.[1] : undefined;
    return { test: (record) => condition(read(record)), words: word === undefined ? [] : [word] };
  }

  /** What must hold for a value, which is undefined where a record lacks it. */
  #condition(): (value: unknown) => boolean {
    const operator = this.#next();
    if (operator === 'EXISTS') return (value) => value !== undefined;
    if (operator === 'NOT') {
      this.#expect('EXISTS');
      return (value) => value === undefined;
    }
    if (operator === 'IS') return this.#is();
    const compare = this.#comparison(operator, this.#next());
    return (value) => value !== undefined && compare(value);
  }

  #is(): (value: unknown) => boolean {
    const word = this.#next();
    const values: Readonly<Record<string, unknown>> = { NULL: null, TRUE: true, FALSE: false };
    if (!(word in values)) throw this.#invalid();
    return (value) => value === values[word];
  }

  #comparison(operator: string, operand: string): (value: unknown) => boolean {
    if (operator === '=' || operator === '!=') {
      const equal = equalTo(operand);
      return operator === '=' ? equal : (value) => !equal(value);
    }
    const compare = COMPARISONS[operator];
    const bound = Number(operand);
    if (compare === undefined || Number.isNaN(bound)) throw this.#invalid();
    return (value) => typeof value === 'number' && compare(value, bound);
  }

  #next(): string {
    const token = this.#tokens.shift();
    if (token === undefined || token.startsWith('%')) throw this.#invalid();
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw this.#invalid();
  }

  #invalid(): ServiceError {
    const message = `Invalid filter pattern: ${this.#pattern}. The local CloudWatch Logs supports comparisons, EXISTS, IS, && and ||, but no regular expressions.`;
    return new ServiceError('InvalidParameterException', message);
  }
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Texts may contain `*` for any characters. Numbers are compared as numbers. */
function equalTo(operand: string): (value: unknown) => boolean {
  const text = operand.startsWith('"') ? operand.slice(1, -1).replaceAll(/\\(.)/g, '$1') : operand;
  const number = operand.startsWith('"') ? Number.NaN : Number(operand);
  const parts = text.split('*').map((part) => part.replaceAll(/[$()+.?[\\\]^{|}]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('[\\s\\S]*')}$`);
  return (value) => (typeof value === 'number' ? value === number : typeof value === 'string' && pattern.test(value));
}
