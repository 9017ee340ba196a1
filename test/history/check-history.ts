import { outliveReaders } from '#cli/terminal/broken-pipe.ts';
import { runCheckHistory } from './command.ts';

outliveReaders([process.stdout, process.stderr]);
process.exitCode = await runCheckHistory(process.argv.slice(2));
