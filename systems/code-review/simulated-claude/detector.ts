import type { Finding, Rule, Severity } from '../findings/finding.ts';
import { languageOf, type Language } from './languages.ts';
import type { Block, ReadFile, ReadRequest, Row } from './read-request.ts';

/** What a detector found at a row. */
export interface Found {
  readonly row: Row;
  readonly rule: Rule;
  readonly severity: Severity;
  readonly confidence: number;
  readonly message: string;
  readonly suggestion?: string;
}

/** What a detector looks at: one hunk, its file and the whole request. */
export interface View extends Block {
  readonly file: ReadFile;
  readonly language: Language;
  readonly request: ReadRequest;
  /** Whether the file is a test, an example or a script that is not part of the product. */
  readonly isAside: boolean;
  /** Every line of the file that is visible: of all hunks at head, and of enclosing functions. */
  readonly visible: readonly string[];
}

/** Finds one kind of defect in a hunk. It reads nothing but the text. */
export type Detector = (view: View) => Iterable<Found>;

const ASIDE =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|examples?|samples?|demos?|fixtures?|benchmarks?|testdata)\/|[._-](?:test|spec)s?\.\w+$|(?:^|\/)test_[^/]+$|_test\.\w+$|Tests?\.\w+$/i;

/** Runs the detectors over all files of a request. A row that repeats in a hunk is reported once. */
export function detect(request: ReadRequest, detectors: readonly Detector[]): Finding[] {
  return request.files.flatMap((file) => {
    const visible = file.blocks.flatMap(({ context, now }) => [...context, ...now.map(({ text }) => text)]);
    const language = languageOf(file.path);
    return file.blocks.flatMap((block) => {
      const view = { ...block, file, language, request, isAside: ASIDE.test(file.path), visible };
      return detectors.flatMap((detector) => [...detector(view)].map((found) => findingOf(file, found)));
    });
  });
}

const findingOf = ({ path }: ReadFile, { row, suggestion, ...found }: Found): Finding => ({
  path,
  quote: row.text,
  side: row.sign === '-' ? 'old' : 'new',
  ...found,
  suggestion: suggestion ?? null,
});

/** A text with its strings emptied and its comments removed, so that words in them do not count as code. */
export function codeOf(text: string, { comment }: Language): string {
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, (literal) =>
    literal.charAt(0).repeat(2),
  );
  return bare.replace(comment, '').trimEnd();
}

/** Whether the whole line is a comment. */
export const isComment = (text: string, { comment }: Language): boolean =>
  /^\s*(?:\/\/|\/?\*|<!--)/.test(text) || (comment.source.startsWith('#') && /^\s*#/.test(text));

/** The rows that the change adds, without comments. */
export const addedRows = ({ rows, language }: View): Row[] =>
  rows.filter(({ sign, text }) => sign === '+' && text.trim() !== '' && !isComment(text, language));

/** The statement that begins at a row: its line and those after it, until brackets and quotes are closed. */
export function statementAt(view: View, row: Row, most = 6): string {
  const from = view.now.indexOf(row);
  let text = '';
  for (const { text: line } of view.now.slice(from, from + most)) {
    text += `${text === '' ? '' : '\n'}${line}`;
    if (depthOf(text) <= 0) break;
  }
  return text;
}

const depthOf = (text: string): number => {
  const bare = text.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '');
  const backticks = (bare.match(/`/g)?.length ?? 0) % 2;
  return backticks + (bare.match(/[([]/g)?.length ?? 0) - (bare.match(/[)\]]/g)?.length ?? 0);
};

export const indentOf = (text: string): number => /^\s*/.exec(text)?.[0].replaceAll('\t', '    ').length ?? 0;
