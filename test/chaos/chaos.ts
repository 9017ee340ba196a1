import { runChaos } from './command.ts';

process.exitCode = await runChaos(process.argv.slice(2));
