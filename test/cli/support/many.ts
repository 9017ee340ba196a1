import { text } from 'node:stream/consumers';
import { systems } from '#bin/systems.ts';
import { runProgram } from '#cli/program.ts';
import type { Ran } from './fleet-program.ts';

/**
 * Runs the commands of the JSON array on stdin one after another, and prints what each answered as a JSON array. Loading
 * the program takes longer than most commands do.
 */
const streams = { stdout: process.stdout, stderr: process.stderr };
const write = process.stdout.write.bind(process.stdout);

async function run(args: readonly string[]): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    streams[name].write = (chunk: string | Uint8Array): boolean => {
      said[name] += chunk.toString();
      return true;
    };
  const code = await runProgram(args, systems);
  return { code, ...said };
}

const answers: Ran[] = [];
for (const args of JSON.parse(await text(process.stdin)) as string[][]) answers.push(await run(args));
write(JSON.stringify(answers));
