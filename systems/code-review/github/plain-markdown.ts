/** Zero width, so that a name is shown but notifies nobody, and an address is shown but is no link. */
const BREAK = '\u200B';

/**
 * Text of a model or of a repository in Markdown, on one line: it becomes no markup, link, image, mention, reference or
 * HTML, whatever it contains.
 */
export const plainMarkdown = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_{}[\]()#+!|<>~&]/g, String.raw`\$&`)
    .replaceAll('@', `@${BREAK}`)
    .replaceAll(/:\/\//g, `:${BREAK}//`)
    .replaceAll(/\b(www)\./gi, `$1${BREAK}.`)
    .replaceAll(/\b(GH)-(?=\d)/gi, `$1${BREAK}-`)
    .replace(/^(\d+)\./, String.raw`$1\.`)
    .replace(/^-/, String.raw`\-`);

/** A code block whose fence is longer than any fence in the text, so that the text cannot end it. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A link of ours to an address that GitHub gave. Its words are plain text. */
export const linkTo = (words: string, url: string): string =>
  /^https?:\/\/[^\s()<>[\]]+$/.test(url) ? `[${plainMarkdown(words)}](${url})` : plainMarkdown(words);
