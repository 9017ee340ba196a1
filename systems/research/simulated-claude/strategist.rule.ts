import { readPairs } from './read-request.ts';

/** The part of the simulated Claude's request that this rule reads. */
interface Request {
  readonly text: string;
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } | null;
}

const MOVES: Readonly<Record<string, string>> = {
  'price-cut': 'undercuts',
  launch: 'launches-against',
  deal: 'takes-customers',
  expansion: 'takes-customers',
  hiring: 'takes-people',
  leadership: 'takes-people',
  lawsuit: 'sues',
  funding: 'other',
};

const SUES =
  /\b(?:sues|sued|suing|(?:suit|lawsuit|complaint|action|claim|proceedings)s? against|(?:takes|took|taking) (?=.*\bto court\b))/i;

/** Whether a quote has the first company move against the named one. Who is sued by another one sues nobody. */
function isMove(kind: string, quote: string, against: string): boolean {
  if (kind !== 'lawsuit') return true;
  const verb = SUES.exec(quote);
  if (verb === null) return false;
  const after = wordsOf(quote.slice(verb.index + verb[0].length));
  const bare = wordsOf(bareName(against));
  return ` ${after} `.includes(` ${bare} `) && !` ${after} `.includes(` by ${bare} `);
}

/** Judges pairs for the simulated Claude: a company moves against another one that its claim names. */
export default {
  name: 'research-strategist',
  matches: ({ schema, text }: Request): boolean => 'moves' in (schema?.properties ?? {}) && text.startsWith('<pairs-'),
  answer({ text }: Request) {
    const moves = readPairs(text).flatMap(({ id: pair, names: [by = '', against = ''], claims: [own = []] }) => {
      const naming = own.find(
        ({ kind, quote }) => kind in MOVES && names(quote, against) && isMove(kind, quote, against),
      );
      if (naming === undefined) return [];
      const why = `${by} names ${against}.`;
      return [{ pair, kind: MOVES[naming.kind], magnitude: 3, evidence: [naming.id], why }];
    });
    return { json: { moves } };
  },
};

/** Whether a quote names a company, by its whole name or by the name without legal form. */
function names(quote: string, company: string): boolean {
  const bare = bareName(company);
  return bare.length > 1 && ` ${wordsOf(quote)} `.includes(` ${wordsOf(bare)} `);
}

const bareName = (company: string): string =>
  company.replace(/,? (?:Inc\.?|Corp\.?|Corporation|Company|Group|Holdings?|plc|Ltd\.?)$/, '');

const wordsOf = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
