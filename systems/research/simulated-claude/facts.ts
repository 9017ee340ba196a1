/** What the rules tell apart, in the words of the request's schema. The first kind that matches counts. */
const OFFICER = String.raw`(?:chief \w+(?: \w+)? officer|chief executive|ceo|cfo|coo|cto|president|chair(?:man|woman|person)?|head of|(?:executive |senior )?vice president|general counsel|board of directors|managing director)`;
const SITE = String.raw`(?:plants?|factor(?:y|ies)|offices?|stores?|facilit(?:y|ies)|data cent(?:er|re)s?|headquarters|warehouses?|campus|hubs?|distribution cent(?:er|re)s?|laborator(?:y|ies)|branch(?:es)?|sites?|locations?|terminals?)`;
const PRICE = String.raw`(?:prices?|pricing|fees?|rates?|subscriptions?|tariffs?|list price|plans?)`;

const KINDS: readonly (readonly [kind: string, ...patterns: string[]])[] = [
  [
    'layoffs',
    String.raw`\b(?:lay(?:s|ing)? off|laid off|layoffs?|job cuts|redundanc(?:y|ies)|reduction in force|workforce reduction)\b`,
    String.raw`\b(?:cut(?:s|ting)?|eliminat\w+|reduc\w+|shed(?:s|ding)?)\b.{0,50}\b(?:jobs?|positions?|roles?|workforce|headcount|employees|staff)\b`,
    String.raw`\b(?:jobs|positions|roles|posts|employees)\b.{0,40}\b(?:eliminated|cut|made redundant)\b`,
  ],
  [
    'lawsuit',
    String.raw`\b(?:sued|sues|suing|lawsuits?|class action|litigation|subpoena\w*|antitrust|indict\w+)\b`,
    String.raw`\b(?:complaint|suit|action|claim)\b.{0,60}\b(?:filed|alleg\w+|court|against)\b`,
    String.raw`\b(?:filed|brought|named)\b.{0,40}\b(?:complaint|suit|defendant)\b`,
    String.raw`\b(?:investigat(?:ion|ing)|probe)\b.{0,60}\b(?:into|by|opened|regulator\w*|commission|attorney)\b|\bfined\b.{0,30}[$€£]`,
  ],
  [
    'outage',
    String.raw`\b(?:outages?|downtime|data breach|security breach|service (?:interruption|disruption)|went (?:down|offline|dark)|product recall|recall(?:s|ed|ing)?)\b`,
    String.raw`\b(?:unavailable|disrupted|offline|unreachable|interrupted|inaccessible)\b.{0,60}\b(?:hours?|minutes?|customers?|users?|services?)\b`,
    String.raw`\b(?:services?|systems?|customers?|platform)\b.{0,60}\b(?:unavailable|disrupted|offline|unreachable|inaccessible|interrupted)\b`,
  ],
  [
    'price-change',
    String.raw`\b(?:cut(?:s|ting)?|lower(?:s|ed|ing)?|reduc(?:es|ed|ing)|drop(?:s|ped)?|slash(?:es|ed)?|rais(?:es|ed|ing)|increas(?:es|ed|ing)|hik(?:es|ed))\b.{0,60}\b${PRICE}\b`,
    String.raw`\b${PRICE}\b.{0,80}\b(?:cut|lower(?:ed)?|reduced|drop(?:s|ped)?|falls?|fell|down|rais(?:es|ed)|increas(?:es|ed)|rises?|rose|up|chang(?:es|ed)|goes)\b.{0,60}(?:[$€£]\s?\d|\d+(?:\.\d+)?\s?(?:%|percent))`,
    String.raw`\bnow\b.{0,30}[$€£]\s?\d.{0,80}\b(?:was|until|before|previously)\b.{0,60}[$€£]\s?\d`,
    String.raw`\bfrom [$€£]\s?\d[\d.,]*(?: \w+){0,4} to [$€£]\s?\d`,
    String.raw`\b(?:now costs?|instead of|used to cost|previously|was)\b.{0,30}[$€£]\s?\d.{0,60}[$€£]\s?\d`,
    String.raw`[$€£]\s?\d[\d.,]*.{0,40}\b(?:instead of|down from|up from|rather than|no longer|previously|was)\b.{0,30}[$€£]\s?\d`,
  ],
  [
    'funding',
    String.raw`\b(?:rais(?:e|es|ed|ing)|secur(?:e|es|ed)|clos(?:e|es|ed)|complet(?:e|es|ed)|obtain(?:s|ed)?|pric(?:es|ed)|issu(?:es|ed)|borrow(?:s|ed))\b.{0,80}\b(?:funding|financing|series [a-h]|(?:funding )?round|senior notes|notes|bonds?|offering|credit facility|capital|convertible|loan|investors?)\b`,
    String.raw`\b(?:sales?|purchase|issu\w+|placement) of\b.{0,20}[$€£].{0,40}\b(?:securities|notes|bonds|shares|stock|debentures)\b`,
    String.raw`\b(?:funding|financing|investment) (?:round|of)\b.{0,40}[$€£]\s?\d`,
    String.raw`[$€£]\s?\d[\d.,]*\s?(?:million|billion|m|bn)\b.{0,60}\b(?:funding|financing|series [a-h]|funding round|new capital|raised|investors)\b`,
  ],
  [
    'leadership',
    String.raw`\b(?:appoint(?:s|ed|ment)?|name[sd]?|promot(?:es|ed)|elect(?:s|ed)|hir(?:es|ed)|join(?:s|ed|ing)?|succeed(?:s|ed)?|replac(?:es|ed)|welcom(?:es|ed)|takes? over|took over|becomes?|becoming|steps? down|stepp(?:ed|ing) down|resign(?:s|ed|ation)?|retir(?:es|ed|ing)|departs?|departed|leav(?:es|ing)|left)\b.{0,90}\b${OFFICER}\b`,
    String.raw`\b${OFFICER}\b.{0,90}\b(?:appointed|named|will join|joins|joined|succeed(?:s|ed)?|steps? down|stepp(?:ed|ing) down|resign(?:s|ed)?|retir(?:es|ed|ing)|depart(?:s|ed)?|leav(?:es|ing)|left|takes over|is leaving|replaces?)\b`,
  ],
  [
    'hiring',
    String.raw`\b(?:hir(?:e|es|ing)|recruit(?:s|ing)?|add(?:s|ing)?|creat(?:e|es|ing)|fill(?:s|ing)?|seek(?:s|ing)?)\b.{0,40}\b\d[\d,]*\b.{0,40}\b(?:people|engineers?|jobs|positions|roles|employees|staff|workers|scientists|openings|specialists|technicians)\b`,
    String.raw`\b\d[\d,]*\b.{0,20}\b(?:open|new) (?:positions|roles|jobs|vacancies)\b`,
    String.raw`\b\d[\d,]* (?:\w+ ){0,2}(?:positions|roles|jobs|vacancies|openings)\b.{0,30}\b(?:open|available|to fill)\b`,
    String.raw`\b(?:open|vacant)\b.{0,20}\b\d[\d,]* (?:\w+ ){0,2}(?:positions|roles|jobs|vacancies)\b`,
  ],
  [
    'deal',
    String.raw`\b(?:acquir(?:e|es|ed|ing)|acquisitions?|merg(?:e|es|ed|er|ing)|takeover|buyout|divest\w*|joint venture|partner(?:s|ed|ship)|allian(?:ce|ces)|collaborat(?:e|es|ion))\b`,
    String.raw`\b(?:buy(?:s|ing)?|bought|purchas(?:es|ed|ing)|sell(?:s|ing)?|sold)\b.{0,60}\b(?:for|stake|business|division|unit|shares|from)\b`,
    String.raw`\b(?:sign(?:s|ed)?|enter(?:s|ed)? into|award(?:s|ed)?|w[io]ns?|won)\b.{0,60}\b(?:contract|agreement|deal|order)\b`,
  ],
  [
    'expansion',
    String.raw`\b(?:open(?:s|ed|ing)?|build(?:s|ing)?|built|broke ground|breaks ground|construct(?:s|ing)?|inaugurat\w+|establish(?:es|ed)?)\b.{0,60}\b${SITE}\b`,
    String.raw`\b(?:expand(?:s|ed|ing)?|expansion|enter(?:s|ed|ing)?)\b.{0,50}\b(?:into|to|in|market|markets)\b`,
    String.raw`\bnew\b.{0,40}\b${SITE}\b`,
  ],
  [
    'rename',
    String.raw`\b(?:chang(?:es|ed|ing)|renam(?:es|ed|ing))\b.{0,40}\b(?:name|itself|to)\b.{0,60}\b(?:to|from|as)\b`,
    String.raw`\b(?:formerly|previously) known as\b|\bnew (?:corporate )?name\b|\b(?:now|will be) (?:called|known as)\b`,
  ],
  [
    'results',
    String.raw`\b(?:revenue|earnings|net income|net sales|operating income|profit)\b.{0,80}\b(?:quarter(?:ly)?|year|full-year|fiscal)\b`,
    String.raw`\b(?:quarter(?:ly)?|fiscal|full-year)\b.{0,80}\b(?:revenue|earnings|net income|net sales|operating income|profit|results)\b`,
  ],
  [
    'launch',
    String.raw`\b(?:launch(?:es|ed|ing)?|unveil(?:s|ed|ing)?|introduc(?:es|ed|ing)|releas(?:es|ed|ing)|roll(?:s|ed|ing)? out|debut(?:s|ed)?|goes on sale|on the market|brings? to market|begins? shipping|shipping|presents|presented)\b`,
    String.raw`\bgeneral availability\b`,
    String.raw`\b(?:now|generally|immediately) available\b|\bis available (?:from|as of|today|starting|to)\b|\bavailable (?:from today|starting)\b`,
  ],
];

const COMPILED = KINDS.map(([kind, ...patterns]) => ({
  kind,
  patterns: patterns.map((pattern) => new RegExp(pattern, 'i')),
}));

/** What says that nothing happened, that it is not certain, or that it is said of every company. */
const NO_NEWS =
  /\?$|\b(?:forward-looking|may|might|could|would|rumou?rs?|rumou?red|speculat\w+|den(?:y|ies|ied)|no plans?|not (?:plan|comment|expect)\w*|since (?:its|our|the) (?:founding|foundation|inception)|founded in|was founded|cookies?|all rights reserved|privacy|subscribe|newsletter|terms of|click|sign up|log in|past performance|risk factors)\b/i;
const SHORT = 30;
const LONG = 420;

/** The kind of fact that a sentence states; null for none. */
export function kindOf(sentence: string): string | null {
  // A headline in a list tells less than the story.
  if (!/[.!?]["”’)]*$/.test(sentence)) return null;
  if (sentence.length < SHORT || sentence.length > LONG || NO_NEWS.test(sentence)) return null;
  const kind = COMPILED.find(({ patterns }) => patterns.some((pattern) => pattern.test(sentence)))?.kind ?? null;
  return kind === 'price-change' ? directionOf(sentence) : kind;
}

const PRICES = /[$€£]\s?(\d[\d,]*(?:\.\d+)?)/g;
const DOWN =
  /\b(?:cut(?:s|ting)?|lower\w*|reduc\w+|drop\w*|slash\w*|falls?|fell|down|cheaper|less|discount\w*|decrease\w*)\b/i;
const UP = /\b(?:rais\w+|increas\w+|hik\w+|rises?|rose|up|more|dearer|higher)\b/i;

/** Whether a price went down or up, by its words; else by the two prices: the one after “from” is the old one, else the second. */
function directionOf(sentence: string): string | null {
  const [down, up] = [DOWN.test(sentence), UP.test(sentence)];
  if (down !== up) return down ? 'price-cut' : 'price-rise';
  const prices = [...sentence.matchAll(PRICES)].map(([, digits = '']) => Number(digits.replaceAll(',', '')));
  const [, from] = /\bfrom [$€£]\s?(\d[\d,]*(?:\.\d+)?)/i.exec(sentence) ?? [];
  const old = from === undefined ? prices[1] : Number(from.replaceAll(',', ''));
  const now = prices.find((price) => price !== old);
  if (old === undefined || now === undefined) return null;
  return now < old ? 'price-cut' : 'price-rise';
}

const AMOUNT = /[$€£]\s?(\d[\d,]*(?:\.\d+)?)\s?(million|billion|m\b|bn\b|b\b)?/gi;
const USUAL: Readonly<Record<string, number>> = {
  launch: 3,
  deal: 3,
  funding: 3,
  'price-cut': 3,
  lawsuit: 3,
  outage: 2,
};

/** How much a fact weighs, by its figures. */
export function magnitudeOf(kind: string, sentence: string): number {
  const usual = USUAL[kind] ?? 2;
  const millions = [...sentence.matchAll(AMOUNT)].map(([, digits = '', unit = '']) => {
    const value = Number(digits.replaceAll(',', ''));
    return /^b/i.test(unit) ? value * 1_000 : /^m/i.test(unit) ? value : value / 1e6;
  });
  const largest = Math.max(0, ...millions);
  const share = Math.max(
    0,
    ...[...sentence.matchAll(/(\d+(?:\.\d+)?)\s?(?:%|percent)/g)].map(([, digits]) => Number(digits)),
  );
  if (largest >= 5_000) return 5;
  if (largest >= 500 || (kind === 'price-cut' && share >= 20)) return Math.max(4, usual);
  if (largest > 0 && largest < 20 && !kind.startsWith('price')) return Math.max(1, usual - 1);
  return usual;
}

/** Names in a sentence: capitalised words in a row. Which of them are companies, others decide. */
export function namesIn(sentence: string, company: string): string[] {
  const found = sentence.match(/\p{Lu}[\p{L}\p{N}&.'’-]*(?:[ ]+(?:(?:of|&|the) )?\p{Lu}[\p{L}\p{N}&.'’-]*)*/gu) ?? [];
  const names = found.map((name) => name.replace(/['’]s$|[.,]$/, '')).filter((name) => name.length > 2);
  return [...new Set(names)].filter((name, at) => at < 40 && !company.startsWith(name));
}
