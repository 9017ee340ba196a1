import { says, type Quote } from './text.ts';

/** What the heading of a clause says, by its kind. */
const HEADINGS = {
  confidentiality: 'confidential|non-?disclosure|secrecy',
  term: '\\bterm\\b|duration|laufzeit',
  termination: 'terminat|kündigung|résiliation',
  'governing-law': 'governing law|applicable law|choice of law|recht\\b|droit',
  assignment: 'assign',
  liability: 'liabilit|haftung',
  indemnification: 'indemni|hold harmless',
  'auto-renewal': 'automatic renewal|auto-?renew',
  'intellectual-property': 'intellectual|ownership|proprietary|work product|property rights',
  payment: 'payment|fees|compensation|remuneration|price|\\brent\\b|salary',
  'data-protection': 'data protection|privacy|personal data',
  other: 'force majeure|arbitration|exclusiv|insurance|dispute|compliance|records|notices|miscellaneous|general',
} as const;

/** What the sentence that makes the clause says. */
const SENTENCES: Record<keyof typeof HEADINGS, string> = {
  confidentiality: 'confiden|secret & disclos|protect|maintain|keep|hold|\\buse',
  term: 'agreement|lease|engagement|employment|licen|subscription|\\bterm & begin|commenc|continu|remain|runs|lasts|concluded|entered into|valid|made for|applies|initial term|term (?:of|is) & year|month|indefinite|until|perpetu|fixed',
  termination: 'terminate|cancel|revoke|\\bend (?:it|this|the) & may|right to|entitled to',
  'governing-law': '\\blaws?\\b & govern|construed|shall apply|subject to',
  assignment: 'assign|transfer & not|neither|without & consent|agreement',
  liability: 'liab|responsible & exceed|limit|indirect|consequential|damages',
  indemnification: 'indemnif|harmless & shall|will|agrees',
  'auto-renewal':
    'renew|extended|extends|prolong & automatic|tacit|successive|unless|save where|if (?:it|neither|\\w+ does not) ! not (?:be )?renew|no automatic',
  'intellectual-property':
    'intellectual property|copyright|patent|work product|right, title|licen[cs]e to|\\bvests?\\b',
  payment: '\\bpay|invoice & [$€£]|\\b[A-Z]{3} \\d|days|month|annual',
  'data-protection': 'personal data|personal information|\\bGDPR|data protection law',
  other: 'force majeure|beyond its .{0,20}control|arbitration|compete|insurance|entire agreement|whole agreement',
};
const KINDS = Object.entries(SENTENCES).map(([kind, body]) => ({
  kind,
  heads: says(HEADINGS[kind as keyof typeof HEADINGS]),
  makes: says(body),
}));

export interface Clause extends Quote {
  readonly kind: string;
}

/** Of each kind the sentence that looks most like its clause, in the order of the document. */
export function clausesOf(sentences: readonly Quote[]): Clause[] {
  const best = KINDS.flatMap(({ kind, heads, makes }) => {
    const scored = sentences.map((sentence, at) => {
      const { quote } = sentence;
      const aside = / means |surviv|["“]$/.test(quote) || quote.length < 45 ? 2 : 0;
      return { ...sentence, kind, at, score: (makes(quote) ? 3 : 0) + (heads(quote.slice(0, 50)) ? 2 : 0) - aside };
    });
    const top = scored.toSorted((a, b) => b.score - a.score || a.at - b.at)[0];
    return top && top.score > 1 ? [top] : [];
  });
  return best.toSorted((a, b) => a.at - b.at).map(({ kind, quote, page }) => ({ kind, quote, page }));
}
