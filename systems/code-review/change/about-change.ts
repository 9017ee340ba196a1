import { startOf } from '#core/text/text.ts';
import type { AboutChange } from '../agents/review-input.ts';
import type { DiffedFile } from './changed-file.ts';
import { kindOf } from './kinds.ts';
import { maskText } from './secrets.ts';

const MAX_TESTS = 100;
/** A mask is shorter than its secret, so a few times the length is masked before it is cut. */
const MASKED_FACTOR = 4;

/** A change before it is planned, wherever it was read. */
export interface ReadChange {
  readonly title: string;
  readonly description: string;
  readonly files: readonly DiffedFile[];
  /** Content of files at head, as far as it is text of a reasonable size. */
  readonly contents: ReadonlyMap<string, string>;
  /** The rules of the repository, read at the base, where its maintainers accepted them. */
  readonly guidance: string | null;
  /** Whether the repository has tests. */
  readonly hasTests: boolean;
}

/** What all tasks of a review get to know about the change. Its secrets are masked here too. */
export function aboutChange({ title, description, guidance, files, hasTests }: ReadChange): AboutChange {
  const tests = files.filter(({ path, status }) => kindOf(path) === 'test' && status !== 'deleted');
  const masked = (text: string, length: number): string =>
    startOf(maskText(startOf(text, length * MASKED_FACTOR)), length);
  return {
    title: masked(title, 300),
    description: masked(description, 4_000),
    guidance: guidance === null ? null : masked(guidance, 12_000),
    overview: {
      files: files.length,
      testsChanged: tests.slice(0, MAX_TESTS).map(({ path }) => startOf(path, 500)),
      hasTests,
    },
  };
}
