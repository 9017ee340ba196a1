import { MathError } from './errors.ts';
import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';

/** A parsed metric math expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  /** The id of a metric or of another expression; also `REPEAT` and `LINEAR`. */
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] };

/** Operators by rank, the loosest first. Those of one rank are computed from left to right. */
const RANKS: readonly (readonly string[])[] = [
  ['OR', '||'],
  ['AND', '&&'],
  ['<', '>', '<=', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

/** Parses an expression. Throws `MathError` with the place. */
export function parseMath(expression: string): Expression {
  const parser = new Parser(expression);
  const parsed = parser.binary(0);
  parser.expect('the end');
  return parsed;
}

class Parser {
  readonly #expression: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokensOf(expression);
  }

  binary(rank: number): Expression {
    const operators = RANKS[rank];
    if (operators === undefined) return this.#unary();
    let left = this.binary(rank + 1);
    while (this.#token.kind !== 'text' && operators.includes(this.#token.text)) {
      const operator = this.#take().text;
      left = { kind: 'binary', operator, left, right: this.binary(rank + 1) };
    }
    return left;
  }

  expect(text: string): void {
    const token = this.#take();
    if (token.text !== text) throw this.#unexpected(token, text);
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: 'the end' };
  }

  #take(): Token {
    const token = this.#token;
    this.#next++;
    return token;
  }

  #unary(): Expression {
    if (this.#token.kind !== 'operator' || this.#token.text !== '-') return this.#primary();
    this.#take();
    return { kind: 'negative', of: this.#unary() };
  }

  #primary(): Expression {
    const token = this.#take();
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'text':
        return { kind: 'text', text: token.text };
      case 'name':
        if (this.#token.text !== '(' || this.#token.kind !== 'operator') return { kind: 'id', id: token.text };
        this.#take();
        return { kind: 'call', name: token.text, arguments: this.#listUntil(')') };
      case 'operator':
        if (token.text === '(') return this.#parenthesized();
        if (token.text === '[') return { kind: 'list', items: this.#listUntil(']') };
        throw this.#unexpected(token);
      case 'end':
        throw this.#unexpected(token);
    }
  }

  #parenthesized(): Expression {
    const inner = this.binary(0);
    this.expect(')');
    return inner;
  }

  #listUntil(close: string): Expression[] {
    const items: Expression[] = [];
    if (this.#token.text === close) {
      this.#take();
      return items;
    }
    for (;;) {
      items.push(this.binary(0));
      const token = this.#take();
      if (token.text === close) return items;
      if (token.text !== ',') throw this.#unexpected(token, `a comma or ${close}`);
    }
  }

  #unexpected(token: Token, expected?: string): MathError {
    const instead = expected === undefined ? '' : ` instead of ${expected}`;
    return new MathError(`the expression ${this.#expression} has ${token.text}${instead}`);
  }
}
