import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Caches compiled sources for the next start, which halves its time. It must be on before they are imported.
enableCompileCache(join(import.meta.dirname, '../.fleet/compile-cache'));
const { runProgram } = await import('#cli/program.ts');
const { systems } = await import('./systems.ts');

process.exitCode = await runProgram(process.argv.slice(2), systems);
