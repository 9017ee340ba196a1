/**
 * Words and phrases of headlines that often come with a move of the price. They decide whether an agent reads the news,
 * never how urgent it is.
 */
const MATERIAL =
  /\b(?:acqui(?:re|res|red|sition)|antitrust|bankrupt(?:cy)?|breach(?:es)?|bribery|buyout|chapter 11|clinical hold|cuts? (?:guidance|outlook|forecast|dividend)|cyber ?attack|default(?:s|ed)?|delist(?:s|ed|ing)?|explosion|fda|fraud|going concern|hack(?:ed)?|halt(?:s|ed)?|indict(?:s|ed|ment)|insolven(?:t|cy)|investigation|lawsuit|layoffs?|merger|outage|plunges?|probe|profit warning|raises? (?:guidance|outlook|forecast)|ransomware|recalls?|resigns?|restate(?:s|d|ment)|sanctions?|short seller|soars?|spin-?off|steps? down|strike|subpoena|sues?|sued|surges?|takeover|tender offer|tumbles?|whistleblower|withdraws?)\b/gi;

/** Different material words in a headline. Headlines have at most 500 characters. */
export const materialWordsIn = (headline: string): number =>
  new Set(headline.match(MATERIAL)?.map((word) => word.toLowerCase())).size;
