import { expect, it } from 'vitest';
import { plantedPullRequests } from './planted.ts';
import { reviewOffline } from './offline.ts';

/**
 * The simulated Claude's rules on pull requests with known defects in ten languages and more. This measures the rules,
 * not Claude. docs: systems/code-review/README.md.
 */
it('finds planted defects: precision at least 0.9, recall at least 0.7, and says nothing on clean changes', async () => {
  const counts = { right: 0, wrong: 0, planted: 0, onClean: 0 };
  const notes: string[] = [];
  for (const { title, language, files, truth } of plantedPullRequests()) {
    const { findings } = await reviewOffline({ title, files });
    const isPlanted = (finding: (typeof findings)[number]): boolean =>
      truth.some(
        ({ rule, file, quote }) => rule === finding.rule && file === finding.file && finding.quote.includes(quote),
      );
    const missed = truth.filter(
      ({ rule, file, quote }) =>
        !findings.some((each) => each.rule === rule && each.file === file && each.quote.includes(quote)),
    );
    const wrong = findings.filter((finding) => !isPlanted(finding));
    counts.right += findings.length - wrong.length;
    counts.wrong += wrong.length;
    counts.planted += truth.length;
    if (truth.length === 0) counts.onClean += findings.length;
    notes.push(...missed.map(({ rule, quote }) => `missed ${language}: ${rule}: ${quote}`));
    notes.push(...wrong.map(({ rule, quote }) => `wrong ${language}: ${rule}: ${quote}`));
  }
  const precision = counts.right / (counts.right + counts.wrong);
  const recall = counts.right / counts.planted;
  // The notes name what is missed and wrong, when a figure falls.
  const figures = { onClean: counts.onClean, isPrecise: precision >= 0.9, findsMost: recall >= 0.7 };
  expect({ ...figures, precision, recall, notes }).toMatchObject({ onClean: 0, isPrecise: true, findsMost: true });
});
