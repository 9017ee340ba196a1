/** A source as the rules see it. */
export interface ReadSource {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly published: string | null;
  readonly paragraphs: readonly string[];
}

/** Longer paragraphs are data, and could be made to slow expressions down. */
const MAX_PARAGRAPH = 4_000;

/** Reads the message that agents/analyst-prompt.ts renders. */
export function readSources(text: string): { readonly company: string; readonly sources: readonly ReadSource[] } {
  const lines = text.split('\n');
  const sources: { id: string; kind: string; title: string; published: string | null; paragraphs: string[] }[] = [];
  let [company, part] = ['', ''];
  for (const line of lines) {
    const [, id, kind = '', published] = /^## Source (s\d+) \((.*), published (\S+)\)$/.exec(line) ?? [];
    const last = sources.at(-1);
    if (id !== undefined)
      sources.push({
        id,
        kind,
        title: '',
        published: published === 'unknown' ? null : (published ?? null),
        paragraphs: [],
      });
    else if (/^(?:Company|Title|Text):$/.test(line)) part = line;
    else if (line.startsWith('> ') && line.length <= MAX_PARAGRAPH) {
      if (part === 'Company:') company = line.slice(2);
      else if (part === 'Title:' && last !== undefined) last.title = line.slice(2);
      else if (part === 'Text:' && line.trim() !== '>') last?.paragraphs.push(line.slice(2));
    }
  }
  return { company, sources };
}

/** A pair as the rules see it: names, and what they claim. */
export interface ReadPair {
  readonly id: string;
  readonly names: readonly string[];
  /** Of the first company, then of the second. */
  readonly claims: readonly (readonly { readonly id: string; readonly kind: string; readonly quote: string }[])[];
}

/** Reads the message that agents/strategist.ts renders. */
export function readPairs(text: string): ReadPair[] {
  const pairs: {
    id: string;
    names: string[];
    claims: { id: string; kind: string; quote: string }[][];
  }[] = [];
  let claim: { id: string; kind: string; quote: string } | null = null;
  let awaitsName = false;
  for (const line of text.split('\n')) {
    const [, pair] = /^## Pair (p\d+)$/.exec(line) ?? [];
    const [, id, kind] = /^Claim (c\d+) \(([\w-]+)\):$/.exec(line) ?? [];
    const last = pairs.at(-1);
    if (pair !== undefined) {
      pairs.push({ id: pair, names: [], claims: [] });
      claim = null;
    } else if (/^(?:First|Second) company:$/.test(line)) {
      last?.claims.push([]);
      awaitsName = true;
      claim = null;
    } else if (id !== undefined && kind !== undefined) {
      claim = { id, kind, quote: '' };
      last?.claims.at(-1)?.push(claim);
    } else if (line.startsWith('> ')) {
      if (awaitsName) last?.names.push(line.slice(2).replace(/ \([^()]*\)$/, ''));
      else if (claim !== null) claim.quote += line.slice(2);
      awaitsName = false;
    }
  }
  return pairs;
}

/** Ends of sentences, but not after abbreviations and initials. */
const SENTENCE_END =
  /(?<!\b(?:Inc|Corp|Co|Ltd|Mr|Mrs|Ms|Dr|St|No|vs|U\.S|[A-Z]))[.!?]["”’')]*\s+(?=["“‘'(]*[\p{Lu}\d$€£])/u;

/** The sentences of a paragraph, with their marks. */
export function sentencesOf(paragraph: string): string[] {
  const sentences: string[] = [];
  let rest = paragraph.trim();
  for (let end = SENTENCE_END.exec(rest); end !== null; end = SENTENCE_END.exec(rest)) {
    const cut = end.index + end[0].trimEnd().length;
    sentences.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return rest === '' ? sentences : [...sentences, rest];
}
