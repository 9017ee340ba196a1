import { expect, it } from 'vitest';
import type { Sandbox } from '#core/ports/sandbox.ts';

/** The contract of every sandbox. `sandboxOf` is called inside the tests. */
export function sandboxContract(sandboxOf: () => Sandbox): void {
  const run: Sandbox['run'] = (program, signal) => sandboxOf().run(program, signal);
  const value = async (code: string): Promise<unknown> => {
    const outcome = await run({ code });
    return outcome.ok ? outcome.output : outcome.problem;
  };

  it('runs a program with its input and files', async () => {
    const files = { 'sales.csv': 'a,1\nb,2\n', 'notes.txt': 'ünïcode' };
    const code = `
      const rows = readFile('sales.csv').trim().split('\\n').map((line) => Number(line.split(',')[1]));
      return { sum: rows.reduce((a, b) => a + b, input.start), files: fileNames().sort(), text: readFile('notes.txt') };`;
    expect(await run({ code, input: { start: 10 }, files })).toEqual({
      ok: true,
      output: { sum: 13, files: ['notes.txt', 'sales.csv'], text: 'ünïcode' },
    });
  });

  it('reports what the code threw, and syntax errors', async () => {
    expect(await value('throw new TypeError("no such month")')).toBe('TypeError: no such month');
    expect(await value('return (')).toMatch(/^SyntaxError/);
    expect(await value('await new Promise(() => {})')).toMatch(/waits for a promise/);
  });

  it('rejects a program that exceeds the limits before it runs', async () => {
    await expect(run({ code: '', files: { '../escape': 'x' } })).rejects.toThrow('a plain file name');
    await expect(run({ code: '', limits: { timeMs: 3_600_000 } })).rejects.toThrow('timeMs');
  });

  it('exposes nothing outside the language: no host, network, threads, native code or timers', async () => {
    const host = ['process', 'require', 'module', 'Buffer', 'global', 'std', 'os', 'print', 'console', 'Deno'];
    const network = ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource', 'navigator'];
    const others = ['Worker', 'WebAssembly', 'setTimeout', 'setInterval', 'setImmediate', 'performance'];
    const names = [...host, ...network, ...others];
    expect(await value(`return ${JSON.stringify(names)}.filter((name) => name in globalThis)`)).toEqual([]);
  });

  it('imports nothing', async () => {
    const names = ['node:fs', 'node:net', 'fs', 'interpreter.mjs', '/etc/passwd', 'data:text/javascript,1'];
    const code = `
      const told = [];
      for (const name of ${JSON.stringify(names)}) await import(name).catch((error) => told.push(error.message));
      return told;`;
    expect(await value(code)).toEqual(names.map((name) => `could not load module '${name}'`));
  });

  it('reads only its folder', async () => {
    const names = ['/etc/passwd', '../../../etc/passwd', '..', '.', '', '/proc/self/environ', '.hidden', 'a/../b'];
    const code = `
      const told = [];
      for (const name of ${JSON.stringify(names)}) try { told.push(readFile(name)); } catch ({ message }) { told.push(message); }
      return told;`;
    expect(await value(code)).toEqual(names.map(() => 'readFile: file not found'));
  });

  it.each([
    ['constructors', 'return readFile.constructor("return typeof process")()'],
    [
      'an error of its host',
      'try { readFile("x"); } catch (e) { return e.constructor.constructor("return typeof process")(); }',
    ],
    [
      'the error of an import',
      'try { await import("x"); } catch (e) { return e.constructor.constructor("return typeof process")(); }',
    ],
    ['the global object', 'return (0, eval)("typeof this.process")'],
    [
      'an argument that is an object',
      'let caught; try { readFile({ toString() { caught = this; return "x"; } }); } catch {} return typeof caught?.process',
    ],
  ])('cannot reach its host through %s', async (_, code) => {
    expect(await value(code)).toBe('undefined');
  });

  it.each([
    ['a loop without end', 'for (;;);'],
    ['a loop in a microtask', 'const again = () => Promise.resolve().then(again); await again()'],
    ['an error that never tells', 'throw Object.defineProperty(new Error(), "message", { get() { for (;;); } })'],
  ])('stops %s at its time limit', async (_, code) => {
    const outcome = await run({ code, limits: { timeMs: 300 } });
    expect(outcome).toMatchObject({ ok: false });
  });

  it.each([
    ['arrays', 'const all = []; for (;;) all.push(new Array(100_000).fill(1.5))', /out of memory/],
    ['text', 'let text = "x"; for (;;) text += text', /out of memory|string too long|invalid string length/i],
    ['calls', 'const deep = () => 1 + deep(); return deep()', /stack overflow|call stack/i],
    ['a result', 'return "x".repeat(100_000)', /100002 characters of JSON/],
  ])('holds %s to its limits', async (_, code, problem) => {
    expect(await run({ code, limits: { memoryMb: 16 } })).toEqual({
      ok: false,
      problem: expect.stringMatching(problem) as string,
    });
  });

  it.each([
    ['a result with an own __proto__', 'return JSON.parse(\'{"__proto__":{"ok":true},"a":1}\')'],
    ['a stringify of its own', 'JSON.stringify = () => \'{"ok":true}} {"ok":true\'; return 1'],
    ['no text at all', 'JSON.stringify = () => ({ length: 1 }); return 1'],
    ['a promise of its own', 'Promise.prototype.then = () => { throw new Error("then"); }; return 1'],
    ['a toJSON for everything', 'Object.prototype.toJSON = () => { for (;;); }; return {}'],
  ])('is not deceived by %s', async (_, code) => {
    const outcome = await run({ code, limits: { timeMs: 300 } });
    expect(Object.keys(outcome)).toContain('ok');
    expect(({} as Record<string, unknown>)['ok']).toBeUndefined();
    expect(outcome.ok ? Object.keys(Object(outcome.output)) : []).not.toContain('ok');
  });

  it('leaves nothing behind for the next program', async () => {
    await value('globalThis.secret = 1; Array.prototype.map = () => "mine"; return 1');
    expect(await value('return [typeof secret, [1].map((x) => x + 1)]')).toEqual(['undefined', [2]]);
  });
}
