import { startOf } from '#core/text/text.ts';
import { matcher, type Quote } from './text.ts';

/** Patterns by kind: `heading > sentence`. */
const KINDS = Object.entries({
  confidentiality:
    'confidential|non-?disclosure|secrecy|vertraulich > confiden|secret & disclos|protect|maintain|keep|hold|\\buse',
  term: '\\bterm\\b|duration|laufzeit > agreement|lease|engagement|employment|licen|subscription|\\bterm & begin|commenc|continu|remain|runs|lasts|concluded|entered into|valid|made for|applies|initial term|term (?:of|is) & year|month|indefinite|until|perpetu|fixed',
  termination:
    'terminat|kündigung|résiliation > terminate|cancel|revoke|\\bend (?:it|this|the) & may|right to|entitled to',
  'governing-law':
    'governing law|applicable law|choice of law|recht\\b|droit > \\blaws?\\b & govern|construed|shall apply|subject to',
  assignment: 'assign > assign|transfer & not|neither|without & consent|agreement',
  liability: 'liabilit|haftung > liab|responsible & exceed|limit|indirect|consequential|damages',
  indemnification: 'indemni|hold harmless > indemnif|harmless & shall|will|agrees',
  'auto-renewal':
    'automatic renewal > renew|extended|extends|prolong & automatic|tacit|successive|unless|save where|if (?:it|neither|\\w+ does not) ! not (?:be )?renew|no automatic',
  'intellectual-property':
    'intellectual|ownership|proprietary|property rights > intellectual property|copyright|patent|work product|right, title|licen[cs]e to|\\bvests?\\b',
  payment:
    'payment|fees|compensation|remuneration|price|\\brent\\b|salary > \\bpay|invoice & [$€£]|\\b[A-Z]{3} \\d|days|month|annual',
  'data-protection':
    'data protection|privacy|personal data > personal data|personal information|\\bGDPR|data protection law',
  other:
    'force majeure|arbitration|exclusiv|insurance|\\bdispute|compliance|\\brecords|notices|miscellaneous|general > force majeure|beyond its .{0,20}control|arbitration|compete|insurance|entire agreement|whole agreement',
}).map(([kind, notation]) => {
  const [head = '', sentence = ''] = notation.split(' > ');
  return { kind, inHeading: matcher(head), inSentence: matcher(sentence) };
});

export type Clause = Quote & { readonly kind: string };

/** Returns the best matching sentence of each kind, in document order. */
export function clausesOf(sentences: readonly Quote[]): Clause[] {
  const best = KINDS.flatMap(({ kind, inHeading, inSentence }) => {
    const scored = sentences.map((sentence, at) => {
      const { quote } = sentence;
      const penalty = / means |surviv|["“]$/.test(quote) || quote.length < 45 ? 2 : 0;
      return {
        ...sentence,
        kind,
        at,
        score: (inSentence(quote) ? 3 : 0) + (inHeading(startOf(quote, 50)) ? 2 : 0) - penalty,
      };
    });
    const top = scored.toSorted((a, b) => b.score - a.score || a.at - b.at)[0];
    return top && top.score > 1 ? [top] : [];
  });
  return best.toSorted((a, b) => a.at - b.at).map(({ kind, quote, page }) => ({ kind, quote, page }));
}
