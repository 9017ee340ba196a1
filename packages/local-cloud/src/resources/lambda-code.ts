import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AssemblyError } from '../assembly/errors.ts';
import type { ResourceContext } from './resource.ts';

export const codeSchema = z.union([
  z.strictObject({ ZipFile: z.string() }),
  z.strictObject({ S3Bucket: z.string(), S3Key: z.string(), SourceKMSKeyArn: z.unknown().optional() }),
]);

/** Returns the folder with the code of a function. Throws an `AssemblyError` when the assembly does not contain it. */
export function codeFolder(code: z.output<typeof codeSchema>, handler: string, context: ResourceContext): string {
  const { host, where } = context;
  if ('ZipFile' in code) {
    const hash = createHash('sha256').update(code.ZipFile).digest('hex').slice(0, 16);
    const folder = join(host.dataDir, 'lambda', 'code', hash);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'package.json'), '{}', { mode: 0o600 });
    writeFileSync(join(folder, 'index.js'), code.ZipFile, { mode: 0o600 });
    return folder;
  }
  const asset = host.assets.get(code.S3Key);
  if (asset === undefined)
    throw new AssemblyError(
      where,
      `the asset ${code.S3Key} is missing from the assembly. Run \`npx cdk synth\` again.`,
    );
  if (!statSync(asset).isDirectory()) {
    throw new AssemblyError(
      where,
      `its code ${asset} is an archive, but only folders are supported. Bundle without zipping.`,
    );
  }
  return isolated(asset, handler, join(host.dataDir, 'lambda', 'code'));
}

/**
 * Node reads the module type of a `.js` file from the nearest package.json. For an asset inside a project, that would be
 * the project's. On AWS there is none above the bundle. So a bundle of `.js` files without its own is copied and gets one.
 */
function isolated(asset: string, handler: string, copies: string): string {
  const file = join(asset, `${handler.slice(0, handler.indexOf('.', handler.lastIndexOf('/') + 1))}.js`);
  if (!existsSync(file) || existsSync(join(asset, 'package.json'))) return asset;
  const copy = join(copies, basename(asset));
  cpSync(asset, copy, { recursive: true });
  writeFileSync(join(copy, 'package.json'), '{}', { mode: 0o600 });
  return copy;
}
