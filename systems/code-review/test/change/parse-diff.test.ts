import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../change/parse-diff.ts';
import { limitsSchema, planReview } from '../../change/plan.ts';

const section = (name: string, ...lines: string[]): string[] => [
  `diff --git a/${name} b/${name}`,
  `index 1111111..2222222 100644`,
  `--- a/${name}`,
  `+++ b/${name}`,
  ...lines,
];
const good = (name: string): string[] => section(name, '@@ -1,1 +1,2 @@', ' a', '+b');

describe('a file whose part of the diff cannot be read', () => {
  it.each([
    ['a hunk with fewer lines than it says', section('bad.js', '@@ -1,1 +1,9 @@', ' a', '+b'), 'bad.js'],
    ['a hunk with more', section('bad.js', '@@ -1,1 +1,1 @@', ' a', '+b', '+c'), 'bad.js'],
    ['a line of no kind', section('bad.js', '@@ -1,1 +1,2 @@', '*a', '+b'), 'bad.js'],
    ['half of its header', ['diff --git a/bad.js b/bad.js', '--- a/bad.js', '@@ -1,1 +1,2 @@', '?'], 'bad.js'],
    ['names that nobody can tell apart', ['diff --git "a/bad.js b/bad.js'], '"a/bad.js b/bad.js'],
  ])('is left out, and the others are read: %s', (_, bad, path) => {
    const files = parseDiff([...good('first.js'), ...bad, ...good('last.js'), ''].join('\n'));
    expect(files.map((file) => file.path)).toEqual(['first.js', path, 'last.js']);
    const plan = planReview(files, limitsSchema.parse({}));
    expect(plan.files.map((file) => file.path)).toEqual(['first.js', 'last.js']);
    expect(plan.leftOut).toEqual([{ path, reason: 'not-reviewed', detail: 'its diff cannot be read' }]);
  });

  it('is not begun by a line of a file that looks like a header', () => {
    const [file, ...others] = parseDiff(
      [...section('a.js', '@@ -1,1 +1,2 @@', ' diff --git a/x b/x', '+diff --git a/y b/y'), ''].join('\n'),
    );
    expect(others).toEqual([]);
    expect(file).toMatchObject({ path: 'a.js', added: 1 });
  });
});
