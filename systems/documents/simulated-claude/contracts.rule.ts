import { startOf } from '#core/text/text.ts';
import { clausesOf, type Clause } from './clauses.ts';
import { effectiveDate } from './dates.ts';
import { partiesOf } from './parties.ts';
import { risksOf } from './risks.ts';
import { labelled, linesOf, matcher, sentencesOf, type Quote } from './text.ts';

/** The part of the simulated Claude's request that these rules read. */
interface Request {
  readonly documents: readonly { readonly pages: readonly string[] }[];
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } | null;
  readonly followUp: { readonly text: string } | null;
  readonly fault: string | null;
}

/** Analyses contracts for the simulated Claude, by rules from their text. It imitates judgement; it has none. */
export default {
  name: 'contracts',
  matches: ({ schema, documents }: Request): boolean =>
    documents.length > 0 && ['parties', 'clauses'].every((name) => name in (schema?.properties ?? {})),
  answer({ documents, schema, followUp, fault }: Request) {
    const { clauses, risks, ...facts } = analyse(documents.flatMap(({ pages }) => pages));
    // The fault `wrong-quote` corrupts one quote. The follow-up names the rejected quotes, which are left out.
    const prefix = fault === 'wrong-quote' && !followUp ? 'As amended: ' : '';
    const rejected = followUp?.text.replaceAll('“', '"') ?? '';
    const isKept = ({ quote }: { quote: string | null }) => !quote || !rejected.includes(`"${startOf(quote, 60)}`);
    const kept = clauses
      .filter(isKept)
      .map((clause, at) => (at ? clause : { ...clause, quote: prefix + clause.quote }));
    const json = { ...facts, clauses: kept, risks: risks.filter(isKept) };
    return { json: Object.fromEntries(Object.entries(json).filter(([name]) => name in (schema?.properties ?? {}))) };
  },
};

const AGREEMENT = /agreement|contract|addendum|\blease|licen[sc]e|\bterms\b|\bnda\b|vertrag|vereinbarung|contrat/i;
const NO_TITLE = /^.{90}|[.;,]$|\b(?:this|the)\b|:/i;

/** Rules read text alone. */
const UNSEEN = {
  title: 'A scan, which the simulated Claude cannot see',
  parties: [],
  effectiveDate: null,
  term: null,
  governingLaw: null,
  clauses: [],
  risks: [],
  confidence: 0,
};

function analyse(pages: readonly string[]) {
  if (pages.every((page) => page.trim() === '')) return UNSEEN;
  const sentences = sentencesOf(pages);
  const [title, parties, clauses] = [titleOf(pages[0]), partiesOf(pages), clausesOf(sentences)];
  const none = { parties: [], effectiveDate: null, term: null, governingLaw: null, clauses: [], risks: [] };
  if (Number(AGREEMENT.test(title)) + Number(parties.length > 1) + Number(clauses.length > 2) < 2)
    return { title, ...none, confidence: 0.1 };
  const law = governingLaw(pages, clauses);
  const date = effectiveDate(pages, law === null ? null : !NOT_AMERICAN.test(law));
  const signs = [AGREEMENT.test(title), parties.length > 1, date, law, clauses.length > 5].filter(Boolean).length;
  const readable = pages.filter((page) => page.trim().length > 40).length / pages.length;
  const confidence = Math.round((0.3 + 0.13 * signs) * readable * 100) / 100;
  const [term, risks] = [termOf(pages, sentences), risksOf(sentences, clauses)];
  return { title, parties, effectiveDate: date, term, governingLaw: law, clauses, risks, confidence };
}

/** The first line that names a kind of agreement, joined with a line of capitals above it. Otherwise the first line. */
function titleOf(page: string | undefined): string {
  const lines = linesOf(page).filter((line) => /\p{L}{3}/u.test(line));
  const at = lines.slice(0, 15).findIndex((line) => AGREEMENT.test(line) && !NO_TITLE.test(line));
  const line = lines[Math.max(0, at)] ?? 'Untitled document';
  const isCapital = at === 1 && !/\p{Ll}/u.test(`${lines[0]}${line}`);
  return startOf(isCapital ? `${lines[0]} ${line}` : line, 120);
}

const PLACE = String.raw`(?:the )?(?:(?:State|Commonwealth|Province|(?:Federal )?Republic|Kingdom|Canton) of:? )?(?!(?:State|Governing|Applicable|Jurisdiction)\b)(\p{Lu}[\p{L}'-]+(?: (?:and )?\p{Lu}[\p{L}'-]+){0,2})`;
const LAW = [
  String.raw`\blaws?,? (?:\w+ ){0,3}(?:of|in) ${PLACE}`,
  String.raw`\b(?!The|Governing)((?:New )?\p{Lu}\p{L}+) law`,
];
const COUNTRIES =
  'English=England and Wales;German=Germany;French=France;Swiss=Switzerland;Spanish=Spain;Dutch=Netherlands;Swedish=Sweden;Irish=Ireland;Austrian=Austria;Scots=Scotland';
const NOT_AMERICAN = /England|Wales|Scot|Ireland|Austr|India$|Singapore|German|France|Switz|Spain|Swed|Neth|Ital/;

function governingLaw(pages: readonly string[], clauses: readonly Clause[]): string | null {
  const clause = clauses.find(({ kind }) => kind === 'governing-law')?.quote ?? '';
  const texts = [...labelled(pages, 'governing law|applicable law').map((place) => `laws of ${place}`), clause];
  const found = LAW.flatMap((law) => texts.map((text) => new RegExp(law, 'u').exec(text)?.[1])).find(Boolean) ?? null;
  return new RegExp(`${found}=([^;]+)`).exec(COUNTRIES)?.[1] ?? found;
}

const NUMBER = String.raw`(?:\d+|(?:\w+ty-?)?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty))`;
const SPAN = new RegExp(String.raw`\b${NUMBER}(?: \(\d+\))?[ -](?:years?|months?)\b`, 'i');
const statesTerm = matcher(
  '\\bterm\\b|remains? in|continue|begins|runs|lasts|expires|concluded|entered into for|made for|fixed period|valid|applies for ! confiden|warrant|record|surviv',
);

function termOf(pages: readonly string[], sentences: readonly Quote[]): string | null {
  const stated = sentences.filter(({ quote }) => statesTerm(quote)).map(({ quote }) => quote);
  return [...labelled(pages, '(?:\\w+ )?term'), ...stated].map((text) => SPAN.exec(text)?.[0]).find(Boolean) ?? null;
}
