import { globSync, readFileSync } from 'node:fs';

/** A document of the project, by its path. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** Where no prose of ours lies. */
const ELSEWHERE = new Set(['node_modules', '.fleet', '.git', 'cdk.out', 'coverage', 'data']);

/** All prose of the project: the README, guides, decisions, specifications. */
export function documents(): Document[] {
  return globSync('**/*.md', { exclude: (path) => ELSEWHERE.has(path.split('/').at(-1) ?? path) })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** A fenced block of code. */
export interface CodeBlock {
  /** Empty where the fence names none. */
  readonly language: string;
  readonly text: string;
  /** The last line of prose before it. */
  readonly words: string;
}

const FENCED = /^```(\w*)\n(.*?)^```$/gms;

/** The fenced blocks of a document, in their order. */
export function codeBlocks(document: string): CodeBlock[] {
  return [...document.matchAll(FENCED)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    text,
    words: document.slice(0, index).trimEnd().split('\n').at(-1) ?? '',
  }));
}

/** What stands between backticks in the prose and tables of a document. */
export function inlineCode(document: string): string[] {
  return [...document.replaceAll(FENCED, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}
