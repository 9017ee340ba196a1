import { outliveReaders } from '#cli/terminal/broken-pipe.ts';
import { runChaos } from './command.ts';

outliveReaders([process.stdout, process.stderr]);
process.exitCode = await runChaos(process.argv.slice(2));
