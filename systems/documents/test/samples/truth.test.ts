import { describe, expect, test } from 'vitest';
import { DATE_STYLES, writeDate } from '../../samples/dates.ts';
import { jurisdictionIn, plainText } from '../../samples/places.ts';
import { generateSamples, TEMPLATES } from '../../samples/samples.ts';
import type { Sample } from '../../samples/samples.ts';
import { RISK_KINDS } from '../../samples/truth.ts';
import { pagesOf } from './text.ts';

/** Enough samples for each template, date style and layout to occur. */
const samples = await Array.fromAsync(generateSamples({ count: 150, broken: 0, seed: 11 }));
const texts = new Map<Sample, string>(
  await Promise.all(samples.map(async (sample) => [sample, (await pagesOf(sample.bytes)).join('\n')] as const)),
);

function each(check: (truth: NonNullable<Sample['truth']>, text: string) => boolean): string[] {
  return samples
    .filter((sample) => sample.truth !== null && !check(sample.truth, texts.get(sample) ?? ''))
    .map(({ file, truth }) => `${file}: ${JSON.stringify(truth)}`);
}

describe('the truth of a sample is in its text', () => {
  test('title', () => {
    expect(each(({ title }, text) => plainText(text).includes(plainText(title)))).toEqual([]);
  });

  test('each party, verbatim, including accents', () => {
    const wrong = each(({ parties }, text) => {
      const oneLine = text.replaceAll(/\s+/g, ' ');
      return parties.every((party) => oneLine.includes(party));
    });
    expect(wrong).toEqual([]);
    expect(samples.some(({ truth }) => truth?.parties.some((party) => /[^ -~]/.test(party)))).toBe(true);
  });

  test('governing law, or its absence', () => {
    const wrong = each(({ governingLaw }, text) =>
      governingLaw === null ? !/governed by|jurisdiction|apply to this/i.test(text) : namesLaw(text, governingLaw),
    );
    expect(wrong).toEqual([]);
  });

  test('term', () => {
    expect(each(({ term }, text) => term === null || text.replaceAll(/\s+/g, ' ').includes(term))).toEqual([]);
  });

  test('effective date, in one of the styles', () => {
    const wrong = each(({ effectiveDate: date }, text) => {
      const oneLine = text.replaceAll(/\s+/g, ' ');
      const written = date === null ? [''] : DATE_STYLES.map((style) => writeDate(date, style).replace(/^the /, ''));
      return written.some((date) => oneLine.includes(date));
    });
    expect(wrong).toEqual([]);
  });
});

test('every template and every risk occurs, and some contracts have no risk', () => {
  const risks = new Set(samples.flatMap(({ truth }) => truth?.riskKinds ?? []));
  expect([...risks].sort()).toEqual([...RISK_KINDS].sort());
  expect(samples.some(({ truth }) => truth?.riskKinds.length === 0)).toBe(true);
  expect(new Set(samples.map(({ truth }) => truth?.title)).size).toBeGreaterThan(TEMPLATES.length);
});

test('some contracts have a renewal, no date, a third party or no governing law', () => {
  const truths = samples.flatMap(({ truth }) => (truth === null ? [] : [truth]));
  expect(truths.some(({ clauseKinds }) => clauseKinds.includes('auto-renewal'))).toBe(true);
  expect(truths.some(({ effectiveDate }) => effectiveDate === null)).toBe(true);
  expect(truths.some(({ parties }) => parties.length === 3)).toBe(true);
  expect(truths.some(({ governingLaw }) => governingLaw === null)).toBe(true);
});

/** Whether a sentence of the text names this place's law. */
function namesLaw(text: string, governingLaw: string): boolean {
  const sentences = text.replaceAll(/\s+/g, ' ').split(/(?<=[.;:]) /);
  return (
    sentences.some((sentence) => /law/i.test(sentence) && jurisdictionIn(sentence) === governingLaw) ||
    plainText(text).includes(`governing law ${plainText(governingLaw)}`)
  );
}
