import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLAUSE_KINDS, RISK_KINDS } from './truth.ts';
import type { ClauseKind, RiskKind } from './truth.ts';

/** One wording of a section. `text` is null if the wording leaves the section out. */
export interface Variant {
  readonly kinds: readonly ClauseKind[];
  readonly risks: readonly RiskKind[];
  /** The conditions for this wording, for example "fixed-term". */
  readonly needs: readonly string[];
  readonly weight: number;
  readonly text: string | null;
}

export interface Section {
  /** Headings to choose from. A heading in parentheses, such as "(Parties)", names a part and is not printed. */
  readonly headings: readonly string[];
  readonly variants: readonly Variant[];
}

export interface Template {
  /** File name without ".md", for example "services-agreement". */
  readonly name: string;
  /** The `key: value` lines between the two `---`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
}

const DATA = join(import.meta.dirname, '../data');

/** Reads a template from systems/documents/data. The README there describes the format. */
export function readTemplate(name: string): Template {
  const file = `${name}.md`;
  try {
    return parseTemplate(name, readFileSync(join(DATA, file), 'utf8'));
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Parses a template's text, and reads the wordings of `from:` from the files it names. */
export function parseTemplate(name: string, text: string): Template {
  const [, head = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
  if (head === '') throw new Error('The file must begin with settings between two lines of "---".');
  const settings = Object.fromEntries(head.split('\n').map((line) => splitOnce(line, ':')));
  const sections = body.split(/^## /m).slice(1).map(parseSection);
  return { name, settings, sections };
}

function parseSection(block: string): Section {
  const [headline, body] = splitOnce(block, '\n');
  const own = list(headline, '|');
  let headings = own;
  // A wording begins with a line in square brackets. Text before the first one is a note to the reader.
  const parts = body.split(/^\[(.*)\]$/m).slice(1);
  const variants: Variant[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const parsed = parseVariant(parts[index] ?? '', (parts[index + 1] ?? '').trim(), own[0] ?? '');
    variants.push(...parsed.variants);
    // A section borrowed under a single heading also brings its alternative headings.
    if (own.length === 1 && parsed.headings.length > 0) headings = [...parsed.headings];
  }
  if (variants.length === 0)
    throw new Error(`Section "${own[0]}" has no wording. Add one below a line such as [other].`);
  return { headings, variants };
}

function parseVariant(tag: string, text: string, heading: string): Section {
  const parts = list(tag, ';');
  const options = Object.fromEntries(parts.filter((part) => part.includes(':')).map((part) => splitOnce(part, ':')));
  const words = parts.filter((part) => !part.includes(':')).flatMap((part) => list(part, ','));
  const known = new Set(['risk', 'needs', 'weight', 'from']);
  const unknown = Object.keys(options).find((key) => !known.has(key));
  if (unknown !== undefined)
    throw new Error(`Section "${heading}": "${unknown}" must be one of ${[...known].join(', ')}.`);
  const absent = words.includes('absent');
  const variant: Variant = {
    kinds: words.filter((word) => word !== 'absent').map((word) => oneOf(CLAUSE_KINDS, word, heading)),
    risks: list(options['risk'] ?? '', ',').map((word) => oneOf(RISK_KINDS, word, heading)),
    needs: list(options['needs'] ?? '', ','),
    weight: Number(options['weight'] ?? 1),
    text: absent ? null : text,
  };
  const from = options['from'];
  return from === undefined ? { headings: [], variants: [variant] } : borrow(from, heading, variant);
}

/** The section of the same name in another file. */
function borrow(file: string, heading: string, variant: Variant): Section {
  if (file === COMMON_PAPER) return { headings: [], variants: [{ ...variant, text: commonPaperSection(heading) }] };
  const section = readTemplate(file.replace(/\.md$/, '')).sections.find(({ headings }) => headings.includes(heading));
  if (section === undefined) throw new Error(`${file} has no section "${heading}".`);
  return section;
}

const COMMON_PAPER = 'common-paper-mutual-nda.md';

/** A numbered section of Common Paper's standard terms, verbatim except that cover page links become plain text. */
function commonPaperSection(heading: string): string {
  const lines = readFileSync(join(DATA, COMMON_PAPER), 'utf8').split('\n');
  for (const line of lines) {
    const [, found, text] = /^\d+\. \*\*(.+?)\*\*\.? (.+)$/.exec(line) ?? [];
    if (found === heading && text !== undefined) return text.replaceAll(/<\/?span[^>]*>/g, '');
  }
  throw new Error(`${COMMON_PAPER} has no section "${heading}".`);
}

function oneOf<T extends string>(kinds: readonly T[], word: string, heading: string): T {
  const kind = kinds.find((kind) => kind === word);
  if (kind === undefined) throw new Error(`Section "${heading}": "${word}" must be one of ${kinds.join(', ')}.`);
  return kind;
}

function list(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text.trim(), ''] : [text.slice(0, index).trim(), text.slice(index + separator.length).trim()];
}
