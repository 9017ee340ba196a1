import { Parser } from 'htmlparser2';
import { resolveLink } from '#core/web/canonical.ts';
import { startOf } from '#core/text/text.ts';
import { HiddenNames, isInvisible } from './hidden.ts';
import { Pages } from './marks.ts';

/** What one pass over a page finds. */
export interface ScannedPage {
  readonly title: string;
  /** What a reader sees, one line a block. */
  readonly text: string;
  /** The same without navigation, headers, footers and forms. */
  readonly main: string;
  readonly links: readonly { readonly url: string; readonly text: string }[];
  readonly feeds: readonly string[];
  /** Contents of `<meta>`, by name or property in lower case; the first of each. */
  readonly meta: ReadonlyMap<string, string>;
  readonly jsonLd: readonly string[];
  /** The first `<time datetime>`. */
  readonly time: string | undefined;
  readonly hasArticle: boolean;
  /** The page without scripts, styles, comments, hidden elements and attributes that layout needs. Null if it is too large to be taken apart. */
  readonly cleaned: string | null;
}

/** A page that is made to be hard to read. */
export class PageRejected extends Error {
  override readonly name = 'PageRejected';
}

/** Each closing tag is looked for among the open ones, so that their number is the time a tag takes. */
const MAX_DEPTH = 512;
/** Pages of a long table have some 20,000. */
const MAX_ELEMENTS = 100_000;
const MAX_LINKS = 2_000;
const MAX_LINK_TEXT_CHARS = 200;
const MAX_TITLE_CHARS = 300;
const MAX_JSON_LD_CHARS = 65_536;

/** Elements whose content is no text of the page. */
const DROPPED = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'math',
  'iframe',
  'frame',
  'object',
  'embed',
  'canvas',
  'audio',
  'video',
  'head',
  'title',
  'select',
  'textarea',
  'button',
  'dialog',
]);
const INLINE = new Set([
  'a',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'cite',
  'code',
  'data',
  'dfn',
  'em',
  'font',
  'i',
  'ins',
  'kbd',
  'label',
  'mark',
  'q',
  's',
  'samp',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'time',
  'u',
  'var',
  'wbr',
  'img',
  'nobr',
  'tt',
  'big',
]);
const SIDE = new Set(['nav', 'header', 'footer', 'aside', 'form']);
const SIDE_ROLE = new Set(['navigation', 'banner', 'contentinfo', 'search', 'complementary', 'dialog']);

/** Boxes whose class or id says that they stand around the text. */
const BOXES = new Set(['div', 'section', 'ul', 'ol', 'p', 'span']);
const AROUND =
  /(?<![\w-])(?!no-|has-|with)[\w-]{0,40}?(?<![a-z])(cookies?|consent|gdpr|nav|navbar|navigation|menu|topbar|masthead|breadcrumbs?|sidebar|footer|newsletter)(?![a-z])/i;
const isNamedAside = (name: string, { id = '', class: classes = '' }: Attributes): boolean =>
  BOXES.has(name) &&
  (AROUND.test(startOf(id, MAX_LINK_TEXT_CHARS)) || AROUND.test(startOf(classes, MAX_LINK_TEXT_CHARS)));

/** Reads a page in one pass, in time proportional to its length. Throws `PageRejected`. */
export function scanHtml(html: string, url: string): ScannedPage {
  const scan = new Scan(url);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => scan.open(name, attributes),
      onclosetag: (name) => scan.close(name),
      ontext: (text) => scan.text(text),
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.end(html);
  return scan.result();
}

type Attributes = Readonly<Record<string, string>>;

class Scan {
  readonly #hidden = new HiddenNames();
  readonly #all: string[] = [];
  readonly #main: string[] = [];
  readonly #cleaned = new Pages();
  readonly #links: { url: string; text: string }[] = [];
  readonly #feeds: string[] = [];
  readonly #meta = new Map<string, string>();
  readonly #jsonLd: string[] = [];
  #base: string;
  #depth = 0;
  #elements = 0;
  /** The depths at which the outermost dropped element, and the outermost one beside the main text, began. */
  #dropFrom: number | null = null;
  #sideFrom: number | null = null;
  #articleFrom: number | null = null;
  #hasArticle = false;
  #title: string | null = null;
  #time: string | undefined;
  /** Where the content of the open `<title>`, `<style>` or JSON-LD goes. */
  #capture: { readonly name: string; text: string; readonly limit: number } | null = null;
  #link: { url: string; text: string } | null = null;

  constructor(url: string) {
    this.#base = url;
  }

  open(name: string, attributes: Attributes): void {
    this.#depth += 1;
    this.#elements += 1;
    if (this.#depth > MAX_DEPTH) throw new PageRejected('The page is nested too deeply.');
    if (this.#elements > MAX_ELEMENTS) throw new PageRejected('The page has too many elements.');
    this.#note(name, attributes);
    if (this.#dropFrom !== null) return;
    if (DROPPED.has(name) || this.#isHidden(attributes)) {
      this.#dropFrom = this.#depth;
      return;
    }
    if (name === 'article' || name === 'main') {
      this.#hasArticle ||= name === 'article';
      this.#articleFrom ??= this.#depth;
    }
    const aside = SIDE.has(name) || SIDE_ROLE.has(attributes['role'] ?? '') || isNamedAside(name, attributes);
    // The header of an article has its title and date.
    if (aside && !(name === 'header' && this.#articleFrom !== null)) this.#sideFrom ??= this.#depth;
    if (name === 'time') this.#time ??= attributes['datetime'];
    if (name === 'a') this.#openLink(attributes['href']);
    this.#break(name);
    this.#cleaned.open(name, attributes);
  }

  close(name: string): void {
    if (this.#capture?.name === name) this.#endCapture(this.#capture);
    if (this.#dropFrom === null) {
      if (name === 'a') this.#closeLink();
      this.#break(name);
      this.#cleaned.close(name);
    }
    if (this.#dropFrom === this.#depth) this.#dropFrom = null;
    if (this.#sideFrom === this.#depth) this.#sideFrom = null;
    if (this.#articleFrom === this.#depth) this.#articleFrom = null;
    this.#depth -= 1;
  }

  text(text: string): void {
    const capture = this.#capture;
    if (capture !== null && capture.text.length < capture.limit) capture.text += text;
    if (this.#dropFrom !== null) return;
    this.#add(text);
    if (this.#link !== null && this.#link.text.length < MAX_LINK_TEXT_CHARS) this.#link.text += text;
    this.#cleaned.text(text);
  }

  result(): ScannedPage {
    return {
      title: startOf((this.#title ?? '').replaceAll(/\s+/g, ' ').trim(), MAX_TITLE_CHARS),
      text: this.#all.join(''),
      main: this.#main.join(''),
      links: this.#links,
      feeds: this.#feeds,
      meta: this.#meta,
      jsonLd: this.#jsonLd,
      time: this.#time,
      hasArticle: this.#hasArticle,
      cleaned: this.#cleaned.result(),
    };
  }

  /** What an element says about the page, be it shown or not. */
  #note(name: string, attributes: Attributes): void {
    if (name === 'base' && attributes['href'] !== undefined)
      this.#base = resolveLink(attributes['href'], this.#base) ?? this.#base;
    if (name === 'meta') this.#noteMeta(attributes);
    if (name === 'link') this.#noteFeed(attributes);
    if (name === 'title' && this.#title === null) this.#capture = { name, text: '', limit: 2 * MAX_TITLE_CHARS };
    if (name === 'style') this.#capture = { name, text: '', limit: 262_144 };
    if (name === 'script' && /^application\/ld\+json$/i.test(attributes['type'] ?? ''))
      this.#capture = { name, text: '', limit: MAX_JSON_LD_CHARS };
  }

  #noteMeta({ name, property, itemprop, content }: Attributes): void {
    const key = (property ?? name ?? itemprop ?? '').toLowerCase();
    if (key === '' || content === undefined || this.#meta.has(key) || this.#meta.size >= 200) return;
    this.#meta.set(key, startOf(content, 1_000).toWellFormed());
  }

  #noteFeed({ rel = '', type = '', href }: Attributes): void {
    if (href === undefined || !/\balternate\b/i.test(rel) || !/^application\/(rss|atom|feed)\+(xml|json)/i.test(type))
      return;
    const url = resolveLink(href, this.#base);
    if (url !== null && this.#feeds.length < 10) this.#feeds.push(url);
  }

  #endCapture({ name, text, limit }: { readonly name: string; readonly text: string; readonly limit: number }): void {
    this.#capture = null;
    if (name === 'title') this.#title = text;
    else if (name === 'style') this.#hidden.read(text);
    else if (text.length < limit && this.#jsonLd.length < 10) this.#jsonLd.push(text);
  }

  #isHidden(attributes: Attributes): boolean {
    const { style, hidden, 'aria-hidden': ariaHidden } = attributes;
    if (hidden !== undefined || ariaHidden?.trim().toLowerCase() === 'true') return true;
    return (style !== undefined && isInvisible(style)) || this.#hidden.has(attributes);
  }

  #openLink(href: string | undefined): void {
    this.#link = null;
    if (href === undefined || this.#links.length >= MAX_LINKS) return;
    const url = resolveLink(href, this.#base);
    if (url !== null) this.#link = { url, text: '' };
  }

  #closeLink(): void {
    if (this.#link === null) return;
    const text = startOf(this.#link.text.replaceAll(/\s+/g, ' ').trim(), MAX_LINK_TEXT_CHARS);
    this.#links.push({ url: this.#link.url, text });
    this.#link = null;
  }

  #break(name: string): void {
    if (name === 'td' || name === 'th') this.#add(' ');
    else if (!INLINE.has(name)) this.#add('\n');
  }

  /** A line break in the source is a space. */
  #add(text: string): void {
    const shown = text === '\n' ? text : text.replaceAll(/[\r\n]/g, ' ');
    this.#all.push(shown);
    if (this.#sideFrom === null) this.#main.push(shown);
  }
}
