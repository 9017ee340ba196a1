import { startOf } from '#core/text/text.ts';
import { factsOf } from './facts.ts';
import { dateIn } from './dates.ts';
import { magnitudeOf, namesIn } from './magnitude.ts';
import { readSources, type ReadSource } from './read-request.ts';

/** The part of the simulated Claude's request that this rule reads. */
interface Request {
  readonly text: string;
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } | null;
  readonly followUp: { readonly text: string } | null;
  readonly fault: string | null;
}

/** Reads sources for the simulated Claude, sentence by sentence. It imitates judgement; it has none. */
export default {
  name: 'company-analyst',
  matches: ({ schema, text }: Request): boolean =>
    'claims' in (schema?.properties ?? {}) && text.startsWith('<sources-'),
  answer({ text, followUp, fault }: Request) {
    const { company, sources } = readSources(text);
    const claims = sources.flatMap((source) => claimsOf(company, source));
    if (fault !== 'wrong-quote' || claims.length === 0) return { json: { claims } };
    // The fault corrupts one quote, which the repair leaves out.
    const [first, ...rest] = claims;
    return { json: { claims: followUp ? rest : [{ ...first, quote: `Reportedly, ${first?.quote}` }, ...rest] } };
  },
};

function claimsOf(company: string, source: ReadSource) {
  return factsOf(company, source).map(({ kind, sentence }) => ({
    kind,
    text: startOf(sentence, 280),
    quote: sentence,
    source: source.id,
    date: dateIn(sentence),
    magnitude: magnitudeOf(kind, sentence),
    names: namesIn(sentence, company),
  }));
}
