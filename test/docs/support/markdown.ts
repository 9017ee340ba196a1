import { globSync, readFileSync } from 'node:fs';

/** A document of the project. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** Folders without documents of ours. */
const ELSEWHERE = new Set(['node_modules', '.fleet', '.cache', '.git', 'cdk.out', 'coverage', 'data']);

/** All documents of the project: READMEs, guides, decisions, specifications. */
export function documents(): Document[] {
  return globSync('**/*.md', { exclude: (path) => ELSEWHERE.has(path.split('/').at(-1) ?? path) })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** A fenced block of code. */
export interface CodeBlock {
  /** Empty if the fence names none. */
  readonly language: string;
  readonly text: string;
}

const FENCED = /^```(\w*)\n(.*?)^```$/gms;

/** The fenced blocks of a document, in order. */
export function codeBlocks(document: string): CodeBlock[] {
  return [...document.matchAll(FENCED)].map(({ 1: language = '', 2: text = '' }) => ({
    language,
    text,
  }));
}

/** The inline code of a document, outside fenced blocks. */
export function inlineCode(document: string): string[] {
  return [...document.replaceAll(FENCED, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}
