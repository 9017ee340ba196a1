import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { LAYERS } from '../../lint/layers.ts';
import { isRemoved } from '../support/examples.ts';
import { documents, inlineCode, type Document } from './support/markdown.ts';

/** Files, folders, headings and invariants that the documents name exist. */
const all = documents();
const withoutCode = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '``');

/** The anchors that GitHub generates for headings. */
const anchors = ({ text }: Document): string[] =>
  [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const links = all.flatMap((document) =>
  [...withoutCode(document.text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({
    from: document.path,
    target,
  })),
);
const inside = links.filter(({ target }) => !/^\w+:/.test(target));

function isBroken({ from, target }: { from: string; target: string }): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : normalize(join(dirname(from), file));
  if (!existsSync(path)) return !isRemoved(path.replace(/\/$/, ''));
  if (anchor === undefined || !path.endsWith('.md')) return false;
  const document = all.find((each) => each.path === path);
  return document === undefined || !anchors(document).includes(anchor);
}

describe('documents', () => {
  it('link to files and headings that exist', () => {
    expect(inside.length).toBeGreaterThan(100);
    expect(inside.filter(isBroken)).toEqual([]);
  });

  it('are each linked from another one, or have a well-known name', () => {
    const reached = new Set(
      inside.map(({ from, target }) => normalize(join(dirname(from), target.split('#')[0] ?? ''))),
    );
    const folders = [...reached].filter((path) => existsSync(path) && statSync(path).isDirectory());
    const lost = all
      .map(({ path }) => path)
      .filter((path) => !/(^|\/)(README|CHANGELOG|SPECIFICATION)\.md$/.test(path) && path !== 'CONTRIBUTING.md')
      .filter((path) => !reached.has(path) && !folders.some((folder) => dirname(path) === folder.replace(/\/$/, '')));
    expect(lost).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const architecture = readFileSync('docs/architecture.md', 'utf8');

  it('names every folder with sources, and no other', () => {
    const named = [...architecture.matchAll(/^\| `([\w-]+)\/`/gm)].map(([, folder = '']) => folder);
    const sources = globSync('*/**/*.ts', { exclude: (path) => /(^|\/)(node_modules|cdk\.out|\..*)$/.test(path) });
    expect(named.filter((folder) => !existsSync(folder))).toEqual([]);
    expect(
      [...new Set(sources.map((path) => path.split('/')[0] ?? ''))].filter((folder) => !named.includes(folder)),
    ).toEqual([]);
  });

  it('has the table of who may import whom that the linter enforces', () => {
    const table = architecture.split('| may import')[1]?.split('\n\n')[0] ?? '';
    const rows = [...table.matchAll(/^\| `([\w*/.]+)` +\|(.*)\|$/gm)];
    expect(Object.fromEntries(rows.map(([, folder, allowed = '']) => [folder, inlineCode(allowed)]))).toEqual(LAYERS);
  });

  const invariants = [...architecture.matchAll(/^- \*\*(I\d+)\*\*/gm)].map(([, invariant = '']) => invariant);
  const tests = globSync(['test/**/*.ts', 'systems/*/test/**/*.ts']).map((path) => readFileSync(path, 'utf8'));

  test.each(invariants)('%s is the name of a test', (invariant) => {
    const named = new RegExp(`(it|test|describe)(\\.\\w+(\\(.*\\))?)?\\(\\s*[\`'"].*\\b${invariant}\\b`);
    expect(tests.some((text) => named.test(text))).toBe(true);
  });
});
