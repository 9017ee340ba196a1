import { buildSync, type BuildOptions, type Metafile } from 'esbuild';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { BundleCache } from './bundle-cache.ts';

/** The project's folder. Entries are paths below it. */
const PROJECT = join(import.meta.dirname, '..');

/** Tests and local fleets synthesize the same functions again and again. The variable names a folder that keeps their bundles. */
const KEPT_IN = process.env['FLEET_BUNDLES'];
const cache = KEPT_IN === undefined ? null : new BundleCache(KEPT_IN);

/** What a bundle depends on beside its sources: esbuild's version and its options. */
const MADE_BY = [join(PROJECT, 'package.json'), join(PROJECT, 'package-lock.json'), import.meta.filename];

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  // The SDKs of Amazon Bedrock and Claude Platform on AWS would load it to find credentials. Functions give them their own.
  external: ['@aws-sdk/credential-providers'],
  mainFields: ['module', 'main'],
  // Names stay, and lines are short, so that a frame of a stack trace names a function and a line that people can read.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  logLevel: 'warning',
  metafile: true,
} satisfies BuildOptions;

/** What differs by kind of module, which the extension of its file tells, as for Node. */
const KINDS = {
  // A function. Node imports all names of its own modules into an ES module, which loads the whole of fetch with node:http, and
  // V8 can keep compiled code of scripts only.
  '.cjs': {
    format: 'cjs',
    define: { 'import.meta.url': 'urlOfThisBundle' },
    banner: { js: "'use strict';const urlOfThisBundle = require('node:url').pathToFileURL(__filename).href;" },
  },
  // A program beside a function.
  '.mjs': {
    format: 'esm',
    // CommonJS packages among the dependencies call require for Node's own modules.
    // A name of its own, since dependencies import createRequire too, and esbuild does not know the banner’s names.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module';\nconst require = requireFor(import.meta.url);",
    },
  },
} satisfies Record<string, BuildOptions>;

const kindOf = (outfile: string) => KINDS[outfile.endsWith('.cjs') ? '.cjs' : '.mjs'];

/** esbuild writes the exports of a CommonJS module at its end, for Node. */
const EXPORTS_OF_SCRIPT = /\b0&&\(module\.exports=\{(?<names>[^}]*)\}\)/;

/** The names that a bundle exports. */
function exportsOf(outfile: string, { exports }: Metafile['outputs'][string]): readonly string[] {
  if (!outfile.endsWith('.cjs')) return exports;
  const names = EXPORTS_OF_SCRIPT.exec(readFileSync(outfile, 'utf8'))?.groups?.['names'] ?? '';
  return names.split(',').map((name) => name.trim());
}

/** The exports of each module that this process has bundled, by entry. */
const exportsByEntry = new Map<string, readonly string[]>();

/**
 * The code of a function: `entry` (a path below the project, such as `functions/intake/handler.ts`) and all its imports
 * as one CommonJS module, `index.cjs`, so that no module of it can wait while it loads. It includes the SDK, so that the tested
 * version is the one that runs. esbuild runs in
 * this process instead of through CDK's own command, see docs/adr/0008-bundles.md.
 * @param beside programs that the function starts, each a module of its own: entry by file name
 * @param files files that it reads: their text, or their path below the project, by file name
 * @param sourceMap whether `index.cjs.map` lies beside it, for stack traces
 */
export function bundle(
  entry: string,
  beside: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, BundledFile>> = {},
  sourceMap = false,
): Code {
  return Code.fromAsset(dirname(join(PROJECT, entry)), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never started: the local bundling below always succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      // CDK's cache key for bundled assets.
      command: [
        entry,
        ...Object.values(beside),
        ...Object.values(files).map((file) => JSON.stringify(file)),
        ...(sourceMap ? ['with a source map'] : []),
      ],
      local: {
        tryBundle(outputFolder) {
          const names = buildModule(entry, join(outputFolder, 'index.cjs'), sourceMap);
          exportsByEntry.set(entry, names);
          // Lambda finds `index.cjs` by itself. MiniStack knows `.js` and `.mjs` only.
          writeFileSync(join(outputFolder, 'index.mjs'), `export { ${names.join(', ')} } from './index.cjs';\n`);
          for (const [file, program] of Object.entries(beside)) buildModule(program, join(outputFolder, file));
          for (const [name, file] of Object.entries(files)) putFile(file, join(outputFolder, name));
          return true;
        },
      },
    },
  });
}

/** A file's text, or its path below the project. */
export type BundledFile = string | { readonly path: string };

function putFile(file: BundledFile, to: string): void {
  if (typeof file === 'string') writeFileSync(to, file);
  else copyFileSync(join(PROJECT, file.path), to);
}

/**
 * Throws when the bundle of `entry` does not export `name`. Otherwise the function would fail at its first invocation.
 * An app that does not bundle checks nothing.
 */
export function requireExport(entry: string, name: string): void {
  const exports = exportsByEntry.get(entry);
  if (exports === undefined || exports.includes(name)) return;
  throw new Error(`${entry} does not export \`${name}\`. A Lambda function of this stack needs it as its handler.`);
}

/**
 * Writes `entry` (a path below the project) and all its imports as one module, CommonJS for `.cjs` and else an ES module.
 * Returns the names it exports. Modules whose exports are not used are left out, since package.json declares that none has
 * side effects.
 * @param sourceMap whether it also writes `<outfile>.map`, whose sources are paths below the project
 */
export function buildModule(entry: string, outfile: string, sourceMap = false): readonly string[] {
  const path = join(PROJECT, entry);
  const map = { key: `${path}.map`, file: `${outfile}.map` };
  const kept = cache?.take(path, outfile);
  if (kept && (!sourceMap || cache?.take(map.key, map.file))) return kept;
  const { metafile } = buildSync({
    ...OPTIONS,
    ...kindOf(outfile),
    entryPoints: [path],
    outfile,
    ...(sourceMap && { sourcemap: 'external', sourcesContent: false }),
  });
  if (sourceMap) writeFileSync(map.file, fromProject(map.file));
  const exports = Object.values(metafile.outputs).flatMap((output) =>
    output.entryPoint === undefined ? [] : exportsOf(outfile, output),
  );
  const inputs = Object.keys(metafile.inputs).map((input) => resolve(input));
  cache?.put(path, outfile, exports, [...MADE_BY, ...inputs]);
  if (sourceMap) cache?.put(map.key, map.file, [], [...MADE_BY, ...inputs]);
  return exports;
}

/**
 * Bundles the functions of which `kept` has no current bundle, all at once: esbuild then reads what they share only once, which
 * takes a fifth of the time. Without a folder for bundles, does nothing.
 * @param entries paths below the project
 */
export function bundleAhead(entries: readonly string[], kept: BundleCache | null = cache): void {
  const stale = entries.map((entry) => join(PROJECT, entry)).filter((path) => kept?.has(path) === false);
  if (kept === null || stale.length === 0) return;
  const outdir = mkdtempSync(join(tmpdir(), 'fleet-bundles-'));
  try {
    const { metafile } = buildSync({
      ...OPTIONS,
      ...KINDS['.cjs'],
      entryPoints: stale,
      outdir,
      outbase: PROJECT,
      outExtension: { '.js': '.cjs' },
    });
    for (const [file, output] of Object.entries(metafile.outputs)) {
      const { entryPoint } = output;
      if (entryPoint === undefined) continue;
      const inputs = [...inputsOf(entryPoint, metafile)].map((input) => resolve(input));
      kept.put(resolve(entryPoint), resolve(file), exportsOf(file, output), [...MADE_BY, ...inputs]);
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** What one of several entries imports, directly or not. */
function inputsOf(entry: string, { inputs }: Metafile): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const input of found) {
    for (const { path, external } of inputs[input]?.imports ?? []) if (external !== true) found.add(path);
  }
  return found;
}

const mapSchema = z.looseObject({ sources: z.array(z.string()) });

/** A source map whose sources are paths below the project: the same wherever the bundle is written, so that its hash is too. */
function fromProject(file: string): string {
  const map = mapSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const sources = map.sources.map((source) => relative(PROJECT, resolve(dirname(file), source)));
  return JSON.stringify({ ...map, sources });
}
