/** All forms of verbs. A word after the verb stays: `roll out` gives `rolled out`. `ship!` doubles its last letter. */
export const verbs = (list: string): string =>
  `(?:${list
    .trim()
    .split(/\s*,\s*/)
    .map(formsOf)
    .join('|')})`;

function formsOf(verb: string): string {
  const [, base = '', doubled = '', rest = ''] = /^([\w-]+)(!?)(.*)$/.exec(verb) ?? [];
  return `(?:${inflected(base, doubled === '!').join('|')})${rest}`;
}

function inflected(base: string, isDoubled: boolean): string[] {
  if (isDoubled) return [base, `${base}s`, `${base}${base.at(-1)}ed`, `${base}${base.at(-1)}ing`];
  if (base.endsWith('e')) return [base, `${base}s`, `${base}d`, `${base.slice(0, -1)}ing`];
  if (/[^aeiou]y$/.test(base)) return [base, `${base.slice(0, -1)}ies`, `${base.slice(0, -1)}ied`, `${base}ing`];
  return [base, `${base}${/(?:s|sh|ch|x|z)$/.test(base) ? 'es' : 's'}`, `${base}ed`, `${base}ing`];
}

/** A price, and an amount that only companies pay. */
export const PRICE = String.raw`[$€£]\s?\d[\d,]*(?:\.\d+)?(?![\d,.]*\s?(?:million|billion|trillion|thousand|bn|m|b|k)\b)`;
export const AMOUNT = String.raw`(?:[$€£]\s?\d[\d,.]*\s?(?:million|billion|trillion|thousand|bn|m|b)\b|[$€£]\s?\d{1,3}(?:,\d{3}){2,})`;
export const PERCENT = String.raw`(?:\d+(?:\.\d+)?\s?(?:%|percent\b|per cent\b)|\ba (?:third|quarter|fifth|tenth|half)\b|\bhalf\b|\b(?:one|two|three)[- ](?:thirds?|quarters?|fifths?|tenths?)\b)`;
export const NUMBER = String.raw`(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|(?:a |several )?(?:dozens?|hundreds?|thousands?)(?: of)?)`;
const WORKERS = String.raw`(?:of (?:us|you|them|our|its|the)\b|people|persons|men and women|jobs?|positions?|roles?|posts|openings|vacancies|places|employees|workers|staff(?:ers)?|colleagues|team ?mates|team members|members of staff|hires|recruits|heads|(?:\w+ )?(?:engineers|developers|programmers|drivers|nurses|scientists|technicians|specialists|agents|associates|researchers|consultants|operators|mechanics|electricians|professionals|experts|graduates|apprentices|managers|planners|salespeople|designers|analysts))`;
export const PEOPLE = String.raw`\b${NUMBER}(?:[ -](?!(?:percent|per|million|billion|years?|hours?|months?)\b)\w+){0,4}?[ -]${WORKERS}\b`;
export const WORKFORCE = String.raw`\b(?:workforce|headcount|head count|payroll|staff(?:ing)?|employees|team|jobs|positions|roles|posts|personnel)\b`;
export const ROLE = String.raw`\b(?:chief(?: \w+){1,3} officer|chief executive|(?:finance|financial|technology|legal|marketing|operating|people|product|sales|research|security|information) (?:chief|boss)|c[efotmisp]o|president|chair(?:man|woman|person)?|head of|heads?(?= (?:its|the|our)\b)|(?:executive |senior )?vice president|general counsel|managing director|director|treasurer|controller|board member|top (?:job|post|lawyer|manager|executive))\b`;
export const QUARTER = String.raw`(?:\bq[1-4]\b|\bquarter(?:ly)?\b|\b(?:three|six|nine|twelve) months\b|\bhalf[- ]year\b|\b(?:first|second) half\b|\bfiscal\b|\bfull[- ]year\b|\bh[12] 20\d\d\b|\bbetween (?:january|april|july|october) and (?:march|june|september|december)\b)`;
export const EARNINGS = String.raw`\b(?:revenues?|sales|turnover|earnings|net income|operating income|profits?|net loss|loss|eps|top line|bottom line|takings|receipts)\b`;
export const PER_SHARE = String.raw`(?:\b(?:a|per|each|every) (?:diluted )?share\b|\beach share\b)`;
const MOVED = String.raw`(?:cut|cuts|cutting|rise|rises|rose|risen|rising|fall|falls|fell|fallen|falling|go up|goes up|went up|go down|goes down|went down|going up|going down|gone up|gone down|put up|puts up|putting up|come down|comes down|came down|bring down|brings down|brought down|bringing down)`;
export const PRICE_MOVES = String.raw`\b(?:${MOVED}|${verbs('lower, reduce, drop!, slash, trim!, raise, increase, hike, lift, climb, adjust, change, discount, decrease, knock, shave, jump, mark down, mark up, roll back, halve')})\b`;
export const PRICE_WORDS = String.raw`\b(?:prices?|pricing|priced|fees?|rates?|subscriptions?|list prices?|bills?|tariffs?|charges?|costs?)\b`;
