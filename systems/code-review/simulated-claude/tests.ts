import { kindOf } from '../change/kinds.ts';
import { addedRows, codeOf, type Detector } from './detector.ts';

/** A line that begins a branch. */
const BRANCH =
  /^\s*(?:\}\s*)?(?:if|elif|elsif|else if|unless|case|when|switch|match|guard|except|rescue|catch)\b|\?[^.?:][^:]*:|\breturn\b.*(?:&&|\|\|)|=>\s*(?:match|if)\b/;
/** Branches that only end early on an error are seldom tested alone. */
const TRIVIAL = /\bif\s+(?:err|error)\b|\berr\s*!=\s*nil|__name__|\bcase\s+"?-/;

/** A new branch in a repository with tests, when the change touches no test. One finding a file, at the first branch. */
const missingTest: Detector = function* (view) {
  const { file, request } = view;
  const { blocks } = file;
  if (kindOf(file.path) !== 'code' || view.isAside || file.status === 'deleted') return;
  if (!request.hasTests || request.testsChanged.length > 0) return;
  const isBranch = (text: string): boolean => BRANCH.test(codeOf(text, view.language)) && !TRIVIAL.test(text);
  const before = blocks.slice(
    0,
    blocks.findIndex(({ rows: each }) => each === view.rows),
  );
  const isFirst = before.every((block) => !block.rows.some(({ sign, text }) => sign === '+' && isBranch(text)));
  const row = addedRows(view).find(({ text }) => isBranch(text));
  if (row === undefined || !isFirst) return;
  yield {
    row,
    rule: 'missing-test',
    severity: 'medium',
    confidence: 0.7,
    message: 'The change adds this branch, and no test of the change reaches it. Add a test for both ways.',
  };
};

/** The name of a test that a line begins. */
const TEST_NAME =
  /^\s*(?:it|test|describe|specify|context)(?:\.\w+)*\(\s*(["'`])(.+?)\1|^\s*(?:async\s+)?def\s+(test_\w+)|^func\s+(Test\w+)\(|^\s*(?:public\s+)?(?:async\s+)?(?:void|Task|fun)\s+`?(\w*[Tt]est\w*)`?\(|^\s*fn\s+(\w*test\w*|\w+)\(\)\s*\{|^\s*(?:public\s+)?function\s+(test\w+)\(|^\s*(?:it|test|context|describe)\s+(["'])(.+?)\8/;

const testName = (text: string): string | undefined => {
  const [, , quoted, ...others] = TEST_NAME.exec(text) ?? [];
  return quoted ?? others.find((name) => name !== undefined && name.length > 1);
};

/** A test that the change removes while the file stays. A test that got another name is still there. */
const removedTest: Detector = function* ({ rows, file, request }) {
  if (kindOf(file.path) !== 'test' || file.status === 'deleted') return;
  // With other tests in the same change, it may have moved there.
  if (request.testsChanged.some((path) => path !== file.path)) return;
  const all = file.blocks.flatMap((block) => block.rows);
  const count = (sign: string): number =>
    all.filter((row) => row.sign === sign && testName(row.text) !== undefined).length;
  if (count('-') <= count('+')) return;
  const added = new Set(all.filter(({ sign }) => sign === '+').map(({ text }) => testName(text)));
  for (const row of rows) {
    const name = row.sign === '-' ? testName(row.text) : undefined;
    if (name === undefined || added.has(name)) continue;
    yield {
      row,
      rule: 'removed-test',
      severity: 'medium',
      confidence: 0.75,
      message: 'The change removes this test. What it held can break now without anybody noticing.',
    };
  }
};

const SWITCHED_OFF =
  /\b(?:it|test|describe|context)\.(?:only|skip)\(|^\s*(?:fit|fdescribe|xit|xdescribe|xtest)\(|@(?:Ignore|Disabled)\b|\bt\.Skip(?:Now|f)?\(|@(?:pytest\.mark|unittest)\.skip\b|^\s*#\[ignore|markTestSkipped\(|\[Fact\(Skip|^\s*pending\b/;

/** A test that runs alone or not at all. */
const switchedOff: Detector = function* (view) {
  if (kindOf(view.file.path) !== 'test') return;
  for (const row of addedRows(view))
    if (SWITCHED_OFF.test(row.text))
      yield {
        row,
        rule: 'weak-test',
        severity: 'medium',
        confidence: 0.8,
        message: 'This test no longer runs, or keeps the others from running. It protects nothing.',
      };
};

export const testsDetectors: readonly Detector[] = [missingTest, removedTest, switchedOff];
