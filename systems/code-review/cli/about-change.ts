import { startOf } from '#core/text/text.ts';
import type { AboutChange } from '../agents/review-input.ts';
import { kindOf } from '../change/kinds.ts';
import { maskText } from '../change/secrets.ts';
import type { LocalChange } from './git/read-range.ts';

const MAX_TESTS = 100;

/** What all tasks of a review get to know about the change. Its secrets are masked here too. */
export function aboutChange({ title, description, guidance, files, hasTests }: LocalChange): AboutChange {
  const tests = files.filter(({ path, status }) => kindOf(path) === 'test' && status !== 'deleted');
  const masked = (text: string, length: number): string => startOf(maskText(text), length);
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
