import { startOf } from '#core/text/text.ts';
import { dateIn } from './dates.ts';
import { kindOf, magnitudeOf, namesIn } from './facts.ts';
import { readSources, sentencesOf, type ReadSource } from './read-request.ts';

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

/** One claim for each kind of fact and paragraph: the sentences after it tell the same fact in more detail. */
function claimsOf(company: string, { id, paragraphs }: ReadSource) {
  const names = namesIn(paragraphs.join('\n'), company);
  return paragraphs.flatMap((paragraph) => {
    const seen = new Set<string>();
    const sentences = sentencesOf(paragraph);
    return sentences.flatMap((first, at) => {
      // Some facts need two sentences, such as a price now and one before.
      const both = `${first} ${sentences[at + 1] ?? ''}`.trim();
      const sentence = kindOf(first) === null && kindOf(sentences[at + 1] ?? '') === null ? both : first;
      const kind = kindOf(sentence);
      if (kind === null || seen.has(kind)) return [];
      seen.add(kind);
      const magnitude = magnitudeOf(kind, sentence);
      return [
        { kind, text: startOf(sentence, 280), quote: sentence, source: id, date: dateIn(sentence), magnitude, names },
      ];
    });
  });
}
