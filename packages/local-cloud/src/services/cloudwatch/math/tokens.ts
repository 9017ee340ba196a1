import { MathError } from './errors.ts';

/** A part of a metric math expression. */
export interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'operator' | 'end';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|"([^"]*)"|'([^']*)'|(<=|>=|==|!=|&&|\|\||[-+*/^()[\],<>]))/y;

/** Splits an expression into tokens. Throws `MathError` at a character that metric math does not have. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const length = expression.trimEnd().length;
  while (TOKEN.lastIndex < length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(expression);
    if (match === null) throw new MathError(`the expression ${expression} has an error at position ${at + 1}`);
    tokens.push(tokenOf(match));
  }
  tokens.push({ kind: 'end', text: 'the end' });
  return tokens;
}

function tokenOf([, number, name, double, single, operator]: RegExpExecArray): Token {
  if (number !== undefined) return { kind: 'number', text: number };
  if (name !== undefined) return { kind: 'name', text: name };
  if (operator !== undefined) return { kind: 'operator', text: operator };
  return { kind: 'text', text: double ?? single ?? '' };
}
