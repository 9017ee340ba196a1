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

/** Judges pairs for the simulated Claude: a company moves against another one that its claim names. */
export default {
  name: 'research-strategist',
  matches: ({ schema, text }: Request): boolean => 'moves' in (schema?.properties ?? {}) && text.startsWith('<pairs-'),
  answer({ text }: Request) {
    const moves = readPairs(text).flatMap(
      ({ id: pair, names: [by = '', against = ''], isNamed, claims: [own = [], other = []] }) => {
        const moving = own.filter(({ kind }) => kind in MOVES);
        const naming = moving.find(({ quote }) => names(quote, against)) ?? (isNamed ? moving[0] : undefined);
        if (naming !== undefined)
          return [
            { pair, kind: MOVES[naming.kind], magnitude: 3, evidence: [naming.id], why: `${by} names ${against}.` },
          ];
        const cut = own.find(({ kind }) => kind === 'price-cut');
        const answered = other.find(({ kind }) => kind === 'price-cut');
        if (cut === undefined || answered === undefined) return [];
        const why = `${by} and ${against} cut prices in the same week.`;
        return [{ pair, kind: 'undercuts', magnitude: 2, evidence: [cut.id, answered.id], why }];
      },
    );
    return { json: { moves } };
  },
};

/** Whether a quote names a company, by its whole name or by the name without legal form. */
function names(quote: string, company: string): boolean {
  const bare = company.replace(/,? (?:Inc\.?|Corp\.?|Corporation|Company|Group|Holdings?|plc|Ltd\.?)$/, '');
  return bare.length > 2 && quote.includes(bare);
}
