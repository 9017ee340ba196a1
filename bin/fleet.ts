import { runProgram } from '../cli/program.ts';
import { documentsSystem } from './documents-system.ts';

process.exitCode = await runProgram(process.argv.slice(2), documentsSystem);
