import type { Clause } from './clauses.ts';
import { matcher, type Quote } from './text.ts';

/** The severity of each kind of risk, and the pattern of a sentence that shows it. */
const SIGNS = Object.entries({
  'unlimited-liability':
    'high: liab|responsible & unlimited|without (?:any )?limit|no (?:limit|cap|maximum)|not (?:be )?(?:limited|capped) ! including,? (?:but not limited|without limitation)|no event|nothing in|fraud|personal injury|indemnif',
  'automatic-renewal':
    'medium: renew|extended|extends|extension|prolong|continue & automatic|tacit|deemed|successive|unless|save where|if (?:it|neither|\\w+ does not) ! not (?:automatically |be )?renew|no automatic|terminated|earlier',
  'one-sided-termination':
    'high: \\w+ (?:may|is entitled|has the right|reserves the right)\\b(?! not).{0,60}(?:terminate|end|cancel|revoke|withdraw|break) & any time|without (?:cause|giving)|convenience|(?:any|no|or no) reason|discretion ! either|each party|any party|neither|both parties|a party may',
  'broad-indemnity':
    'medium: indemnif|harmless & any and all|all (?:\\w+,? )?(?:claims|losses|actions|liabilit|damages)|regardless|any cause|whether or not|every kind ! each party|extent (?:caused|arising)|shall not indemnif',
  other:
    'medium: liquidated damages|contractual penalty|not (?:\\w+ ){0,3}compete|waives (?:any|all)|exclusively|to nobody else ! courts|jurisdiction',
}).map(([kind, sign]) => {
  const [severity = '', notation = ''] = sign.split(/: (.*)/s);
  return { kind, severity, shows: matcher(notation) };
});

/** Clauses that every contract should have, with the severity of their absence. */
const EXPECTED = { 'governing-law': 'medium', liability: 'medium', termination: 'low' };

/** Returns one risk for each kind that a sentence shows, and one for each missing clause. */
export function risksOf(sentences: readonly Quote[], clauses: readonly Clause[]) {
  const shown = SIGNS.flatMap(({ kind, severity, shows }) => {
    const sentence = sentences.find(({ quote }) => shows(quote));
    return sentence ? [{ kind, severity, ...sentence }] : [];
  });
  const missing = Object.entries(EXPECTED).filter(([expected]) => !clauses.some(({ kind }) => kind === expected));
  return [...shown, ...missing.map(([, severity]) => ({ kind: 'missing-clause', severity, quote: null, page: null }))];
}
