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
