const VALUE = String.raw`[$€£]\s?(\d[\d,]*(?:\.\d+)?)`;
const OLD = String.raw`(?:instead of|rather than|in place of|no longer|down from|up from|was|were|used to (?:be|cost|pay|sell for)|previously|before|until|formerly|earlier|old price|after|had been|originally|compared with|replac\w+|than|once|so far|used to)`;
/** Each names the old price as its only group, or the old and then the new one. */
const BOTH = new RegExp(String.raw`\bfrom ${VALUE}.{0,60}?\bto ${VALUE}`, 'i');
const OLD_ONLY = [
  new RegExp(
    String.raw`\b(?:instead of|rather than|in place of|no longer|down from|up from)\b[^$€£]{0,20}${VALUE}`,
    'i',
  ),
  new RegExp(String.raw`\b${OLD}\b[^$€£]{0,40}${VALUE}`, 'i'),
  new RegExp(String.raw`\bfrom ${VALUE}`, 'i'),
  new RegExp(String.raw`${VALUE}[^$€£]{0,25}\b(?:before|previously|earlier|until now|so far)\b`, 'i'),
];
const ALL = new RegExp(VALUE, 'g');
const DOWN =
  /\b(?:cut(?:s|ting)?|lower\w*|reduc\w+|drop\w*|slash\w*|falls?|fell|fallen|down|cheaper|less|discount\w*|decrease\w*|trim\w*|knock\w*|shav\w+|off|half|halv\w+|save[sd]?)\b/i;
const UP =
  /\b(?:rais\w+|increas\w+|hik\w+|rises?|rose|risen|dearer|higher|climb\w*|lift\w*|jump\w*|(?:go|goes|going|gone|went|puts?|putting|mark(?:s|ed)?) up|up (?:by|from|to|\d)|more expensive|(?:percent|%|costs?|pays?|charge[sd]?|[$€£]\s?\d[\d.,]*) more)\b/i;

const numberOf = (digits = ''): number => Number(digits.replaceAll(',', ''));

const BELOW = /\b(?:below|under|less than) (?:its|the|their) (?:old|previous|former|earlier) price\b/i;
const ABOVE = /\b(?:above|over|more than) (?:its|the|their) (?:old|previous|former|earlier) price\b/i;

/** Whether a price went down or up: by the price that the text calls the old one, else by its words, else the first is new. */
export function directionOf(sentence: string): 'price-cut' | 'price-rise' | null {
  const prices = [...sentence.matchAll(ALL)].map(([, digits]) => numberOf(digits));
  if (BELOW.test(sentence)) return 'price-cut';
  if (ABOVE.test(sentence)) return 'price-rise';
  const [, from, to] = BOTH.exec(sentence) ?? [];
  if (to !== undefined) return compared(numberOf(from), numberOf(to));
  const old = OLD_ONLY.map((pattern) => pattern.exec(sentence)?.[1]).find((digits) => digits !== undefined);
  const known = old === undefined ? undefined : numberOf(old);
  const other = prices.find((price) => price !== known);
  if (known !== undefined && other !== undefined) return compared(known, other);
  const [down, up] = [DOWN.test(sentence), UP.test(sentence)];
  if (down !== up) return down ? 'price-cut' : 'price-rise';
  const [now, before] = prices;
  return now === undefined || before === undefined ? null : compared(before, now);
}

const compared = (before: number, now: number): 'price-cut' | 'price-rise' | null =>
  now === before ? null : now < before ? 'price-cut' : 'price-rise';
