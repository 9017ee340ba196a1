/** Parameters that say how a reader came, and nothing about the page. */
const TRACKING =
  /^(utm_\w+|mtm_\w+|pk_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|twclid|yclid|igshid|mc_[ce]id|_hs(enc|mi)|mkt_tok|oly_\w+_id|vero_id|ref_src|cmpid)$/i;

/**
 * The one form of a URL by which its snapshot is found: without fragment and tracking parameters, the others sorted.
 * `url` must be a URL.
 */
export function canonicalUrl(text: string): string {
  const url = new URL(text);
  url.hash = '';
  url.hostname = url.hostname.replace(/\.$/, '');
  const kept = [...url.searchParams].filter(([name]) => !TRACKING.test(name));
  if (kept.length < url.searchParams.size || !isSorted(kept)) {
    url.search = new URLSearchParams(kept.toSorted(byName)).toString();
  }
  // An empty query ("/news?") is none.
  if (kept.length === 0) url.search = '';
  return url.href;
}

type Parameter = readonly [string, string];
const byName = ([a]: Parameter, [b]: Parameter): number => (a < b ? -1 : Number(a > b));
const isSorted = (parameters: readonly Parameter[]): boolean =>
  parameters.every((parameter, index) => index === 0 || byName(parameters[index - 1] ?? parameter, parameter) <= 0);

/** Resolves a link of a page. Null if it is no web address, or one with a name and password. */
export function resolveLink(link: string, base: string): string | null {
  const text = link.trim();
  if (text === '' || !URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? canonicalUrl(url.href) : null;
}
