import { buildSync, type BuildOptions } from 'esbuild';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = join(import.meta.dirname, 'src');

/** Where the console is built to, unless a caller says otherwise. */
export const CONSOLE_FOLDER = join(import.meta.dirname, 'dist');

const OPTIONS = {
  entryPoints: { app: join(SOURCES, 'app.tsx') },
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: ['es2023', 'chrome120', 'firefox121', 'safari17.2'],
  jsx: 'automatic',
  loader: { '.md': 'text' },
  minify: true,
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
  tsconfig: join(import.meta.dirname, 'tsconfig.json'),
} satisfies BuildOptions;

/**
 * Builds the console: `index.html`, `app.js`, `app.css`, and a folder `chunks` whose names carry a hash, so that a server
 * may let browsers keep them for ever. It takes less than two seconds.
 * @param folder emptied first
 */
export function buildConsole(folder: string = CONSOLE_FOLDER): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  buildSync({
    ...OPTIONS,
    outdir: folder,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // The styles of a chunk would lie in a file that nothing loads.
    loader: { ...OPTIONS.loader, '.css': 'empty' },
  });
  writeFileSync(join(folder, 'app.css'), styles());
  copyFileSync(join(SOURCES, 'index.html'), join(folder, 'index.html'));
}

/** The styles of all views in one file. */
function styles(): Uint8Array {
  const { outputFiles } = buildSync({ ...OPTIONS, legalComments: 'none', outdir: CONSOLE_FOLDER, write: false });
  return outputFiles.find(({ path }) => path.endsWith('.css'))?.contents ?? new Uint8Array();
}

if (import.meta.main) buildConsole(process.argv[2]);
