import { outliveReaders } from '#cli/terminal/broken-pipe.ts';
import { runSimulate } from './program/command.ts';

outliveReaders([process.stdout, process.stderr]);
process.exitCode = await runSimulate(process.argv.slice(2));
