const OPERATORS: readonly (readonly [RegExp, string])[] = [
  // Dates are not sums.
  [/\b\d{4}-\d\d-\d\d\b/g, ' '],
  [/\bplus\b/gi, '+'],
  [/\bminus\b|−/gi, '-'],
  [/\btimes\b|\bmultiplied by\b|[×·]|(?<=\d\s?)x(?=\s?\d)/gi, '*'],
  [/\bdivided by\b|÷/gi, '/'],
];
/** Numbers, brackets and at least one operator between two of them. */
const EXPRESSION = /[\d(][\d\s.()]*(?:[-+*/][\s(-]*\d[\d\s.()]*)+/;

/**
 * Returns the first sum in a text with its value, such as `12 * 7` and 84; null if there is none or it has no value.
 */
export function arithmeticIn(text: string): { readonly sum: string; readonly value: number } | null {
  const symbols = OPERATORS.reduce((result, [word, symbol]) => result.replace(word, symbol), text);
  const sum = EXPRESSION.exec(symbols)?.[0].replace(/[\s.]+$/, '');
  const value = sum === undefined ? NaN : valueOf(sum);
  return sum !== undefined && Number.isFinite(value) ? { sum, value: Number(value.toPrecision(12)) } : null;
}

/** The value of a sum; NaN if the text is not one. */
function valueOf(sum: string): number {
  const tokens = sum.match(/\d+(?:\.\d+)?|[-+*/()]/g) ?? [];
  const value = total(tokens);
  return tokens.length === 0 ? value : NaN;
}

/** This and the following functions remove the tokens that they parsed. */
function total(tokens: string[]): number {
  let value = product(tokens);
  while (tokens[0] === '+' || tokens[0] === '-') {
    value = tokens.shift() === '+' ? value + product(tokens) : value - product(tokens);
  }
  return value;
}

function product(tokens: string[]): number {
  let value = factor(tokens);
  while (tokens[0] === '*' || tokens[0] === '/') {
    value = tokens.shift() === '*' ? value * factor(tokens) : value / factor(tokens);
  }
  return value;
}

function factor(tokens: string[]): number {
  const token = tokens.shift() ?? '';
  if (token === '-') return -factor(tokens);
  if (token !== '(') return /^\d/.test(token) ? Number(token) : NaN;
  const value = total(tokens);
  return tokens.shift() === ')' ? value : NaN;
}
