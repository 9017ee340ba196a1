import { buildSync } from 'esbuild';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { dirname, join } from 'node:path';

/** The project's folder: entries are paths below it. */
const PROJECT = join(import.meta.dirname, '..');

/**
 * The code of a function: `entry` (a path below the project, such as `functions/intake/handler.ts`) and all it imports as
 * one ES module, `index.mjs`. The SDK is in it, so that the version that was tested is the one that runs. esbuild runs in
 * this process, not by a command of its own, see docs/adr/0008-bundles.md.
 */
export function bundle(entry: string): Code {
  const entryPoint = join(PROJECT, entry);
  return Code.fromAsset(dirname(entryPoint), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never started: the local bundling below always succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      // CDK keeps what it has bundled by this.
      command: [entry],
      local: {
        tryBundle(outputFolder) {
          build(entryPoint, join(outputFolder, 'index.mjs'));
          return true;
        },
      },
    },
  });
}

function build(entryPoint: string, outfile: string): void {
  buildSync({
    entryPoints: [entryPoint],
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
