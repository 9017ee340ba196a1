import { describe, expect, it } from 'vitest';
import { locate } from '../../findings/locate.ts';
import { diffed } from '../diffed.ts';

const files = [
  diffed('src/a.ts', [' function f() {', '-  return 1;', '+  const x = load();', '+  return  x + 1;', ' }', ' '], 10),
  diffed('src/b.ts', ['+  const x = load();', '+only here(and there);'], 3),
];
const at = (quote: string, { path = 'src/a.ts', side = 'new' }: { path?: string; side?: 'new' | 'old' } = {}) =>
  locate(files, { path, quote, side });

describe('a quote in a diff', () => {
  it('is found on its side, with the numbers of the file', () => {
    expect(at('  const x = load();')).toEqual({
      file: 'src/a.ts',
      side: 'RIGHT',
      startLine: 11,
      line: 11,
      quote: '  const x = load();',
    });
    expect(at('  return 1;', { side: 'old' })).toMatchObject({ side: 'LEFT', line: 11 });
  });

  it('is found by its words when the spaces differ, and by a part of the line', () => {
    expect(at('return x + 1;')).toMatchObject({ line: 12, quote: '  return  x + 1;' });
    expect(at('const x = load')).toMatchObject({ line: 11, quote: '  const x = load();' });
    expect(at('x = l')).toBeNull();
  });

  it('may have several successive lines, on one side', () => {
    expect(at('\n  const x = load();\n  return x + 1;\n}\n\n')).toMatchObject({ startLine: 11, line: 13 });
    expect(at('  return 1;\n  const x = load();')).toBeNull();
    expect(at('  const x = load();\n}')).toBeNull();
  });

  it('is found on the other side or in the only other file when the model named the wrong one', () => {
    expect(at('  return 1;')).toMatchObject({ side: 'LEFT', line: 11 });
    expect(at('only here(and there);')).toMatchObject({ file: 'src/b.ts', line: 4 });
    expect(at('only here(and there);', { path: 'no/such.ts' })).toMatchObject({ file: 'src/b.ts' });
    // Two files have this line.
    expect(at('  const x = load();', { path: 'no/such.ts' })).toBeNull();
  });

  it('prefers a changed line to an unchanged one', () => {
    const twice = [diffed('c.ts', [' run(all);', '+run(all);'])];
    expect(locate(twice, { path: 'c.ts', quote: 'run(all);', side: 'new' })).toMatchObject({ line: 2 });
  });

  it('is not found when it is blank or made up', () => {
    expect(at('')).toBeNull();
    expect(at(' \n ')).toBeNull();
    expect(at('eval(input);')).toBeNull();
  });

  it('keeps the numbers of CRLF lines', () => {
    const crlf = [diffed('d.ts', [' a\r', '+b();\r'])];
    expect(locate(crlf, { path: 'd.ts', quote: 'b();', side: 'new' })).toMatchObject({ line: 2, quote: 'b();' });
  });
});
