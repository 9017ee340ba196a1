import { buildSync } from 'esbuild';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's folder: entries are paths below it. */
const PROJECT = join(import.meta.dirname, '..');

/**
 * The code of a function: `entry` (a path below the project, such as `functions/intake/handler.ts`) and all it imports as
 * one ES module, `index.mjs`. The SDK is in it, so that the version that was tested is the one that runs. esbuild runs in
 * this process, not by a command of its own, see docs/adr/0008-bundles.md.
 * @param beside programs that the function starts, each such a module of its own: entry by file name
 * @param files texts that it reads, by file name
 */
export function bundle(
  entry: string,
  beside: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): Code {
  return Code.fromAsset(dirname(join(PROJECT, entry)), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never started: the local bundling below always succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      // CDK keeps what it has bundled by this.
      command: [entry, ...Object.values(beside), ...Object.values(files)],
      local: {
        tryBundle(outputFolder) {
          buildModule(entry, join(outputFolder, 'index.mjs'));
          for (const [file, program] of Object.entries(beside)) buildModule(program, join(outputFolder, file));
          for (const [file, text] of Object.entries(files)) writeFileSync(join(outputFolder, file), text);
          return true;
        },
      },
    },
  });
}

/** Writes `entry` (a path below the project) and all it imports as one ES module. */
export function buildModule(entry: string, outfile: string): void {
  buildSync({
    entryPoints: [join(PROJECT, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // CommonJS packages among the dependencies call require for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    // Names stay, so that a stack trace says where it happened without a source map to load.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
  });
}
