import { startOf } from '#core/text/text.ts';
import type { AboutChange } from '../agents/review-input.ts';
import { kindOf } from '../change/kinds.ts';
import { maskText } from '../change/secrets.ts';
import type { LocalChange } from './git/read-range.ts';

const MAX_TESTS = 100;
/** A mask is shorter than its secret, so a few times the length is masked before it is cut. */
const MASKED_FACTOR = 4;

/** What all tasks of a review get to know about the change. Its secrets are masked here too. */
export function aboutChange({ title, description, guidance, files, hasTests }: LocalChange): AboutChange {
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
