/**
 * Loads a CommonJS module with compiled code. V8 compiles a function at its first call, and Node's own cache keeps only what
 * was compiled before the module ran. A function's handler calls thousands, which every environment would compile again.
 */
import { hash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

export interface Loaded {
  readonly exports: unknown;
  /** Keeps the code that has been compiled so far, unless some is kept already. */
  readonly keepCode: () => void;
}

/** What Node puts around a CommonJS module. */
const BEFORE = '(function (exports, require, module, __filename, __dirname) { ';
const AFTER = '\n});';

type Wrapped = (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/** @param folder keeps compiled code; only this user may write there, since V8 trusts it */
export function loadCompiled(file: string, folder: string): Loaded {
  const source = readFileSync(file);
  // V8 itself compares the source's length only.
  const kept = join(folder, `${hash('sha1', source)}-${process.version}-${process.arch}.code`);
  const cachedData = existsSync(kept) ? readFileSync(kept) : undefined;
  const script = new Script(`${BEFORE}${source.toString('utf8')}${AFTER}`, {
    filename: file,
    columnOffset: -BEFORE.length,
    ...(cachedData && { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  const run = script.runInThisContext() as Wrapped;
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  const isRejected = script.cachedDataRejected === true;
  return {
    exports: module.exports,
    keepCode: () => {
      if (isRejected || !existsSync(kept)) writeWhole(kept, script.createCachedData());
    },
  };
}

const EXPERIMENTAL = 'vm.USE_MAIN_CONTEXT_DEFAULT_LOADER ';

/** Node warns of the loader above when a handler first imports something. Each function's log would have that as an error. */
export function withoutLoaderWarning(): void {
  const emitWarning = process.emitWarning.bind(process) as (...given: readonly unknown[]) => void;
  const unlessOfLoader = (...given: readonly unknown[]): void => {
    if (!String(given[0]).startsWith(EXPERIMENTAL)) emitWarning(...given);
  };
  Object.assign(process, { emitWarning: unlessOfLoader });
}

/** In one step, since other environments read it meanwhile. */
function writeWhole(file: string, content: Uint8Array): void {
  const apart = `${file}.${randomUUID()}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(apart, content, { mode: 0o600 });
  renameSync(apart, file);
}
