import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// Caches compiled sources for the next start, which halves its time. It must be on before they are imported.
enableCompileCache(join(import.meta.dirname, '../.fleet/compile-cache'));
// The command that runs three regions stays small: a heap that may grow keeps twice of what it needs. V8 must know before.
if (process.argv[2] === 'global') setFlagsFromString('--semi-space-growth-factor=1');
const [{ runProgram }, { exit }] = await Promise.all([import('#cli/program.ts'), import('#cli/terminal/exit.ts')]);
const { systems } = await import('./systems.ts');

await exit(await runProgram(process.argv.slice(2), systems));
