import { runSimulate } from './program/command.ts';

process.exitCode = await runSimulate(process.argv.slice(2));
