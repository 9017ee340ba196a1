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
