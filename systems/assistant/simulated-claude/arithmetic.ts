const WORDS: readonly (readonly [RegExp, string])[] = [
  // A date is no sum.
  [/\b\d{4}-\d\d-\d\d\b/g, ' '],
  [/\bplus\b/gi, '+'],
  [/\bminus\b|−/gi, '-'],
  [/\btimes\b|\bmultiplied by\b|[×·]|(?<=\d\s?)x(?=\s?\d)/gi, '*'],
  [/\bdivided by\b|÷/gi, '/'],
];
/** Numbers, brackets and at least one operator between two of them. */
const EXPRESSION = /[\d(][\d\s.()]*(?:[-+*/][\s(-]*\d[\d\s.()]*)+/;

/** The first sum in a text with its value, such as `12 * 7` and 84; null where there is none, or none that has a value. */
export function arithmeticIn(text: string): { readonly sum: string; readonly value: number } | null {
  const symbols = WORDS.reduce((so, [word, symbol]) => so.replace(word, symbol), text);
  const sum = EXPRESSION.exec(symbols)?.[0].replace(/[\s.]+$/, '');
  const value = sum === undefined ? NaN : valueOf(sum);
  return sum !== undefined && Number.isFinite(value) ? { sum, value: Number(value.toPrecision(12)) } : null;
}

/** NaN for what is no sum. */
function valueOf(sum: string): number {
  const tokens = sum.match(/\d+(?:\.\d+)?|[-+*/()]/g) ?? [];
  const value = total(tokens);
  return tokens.length === 0 ? value : NaN;
}

/** Each of these takes from `tokens` what it understood. */
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
