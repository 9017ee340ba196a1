import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_SAMPLE, writeSamples } from './samples.ts';

const EXAMPLES = `
Examples:
  node systems/documents/samples/generate.ts /tmp/contracts
  node systems/documents/samples/generate.ts /tmp/contracts --count 1000 --broken 20 --seed 7
  node systems/documents/samples/generate.ts /tmp/contracts --truth /tmp/truth.json

The same count, broken and seed give the same files on every machine.`;

const program = new Command('generate.ts')
  .description('Writes sample contracts (PDF), some of them broken, into a folder.')
  .argument('<folder>', 'where the PDFs go; made if need be')
  .option('--count <n>', 'documents in all', wholeNumber, DEFAULT_SAMPLE.count)
  .option('--broken <n>', 'how many of them are broken', wholeNumber, DEFAULT_SAMPLE.broken)
  .option('--seed <n>', 'another seed, other contracts', wholeNumber, DEFAULT_SAMPLE.seed)
  .option('--truth <file>', 'write what is known of each document as JSON; not inside of the folder')
  .addHelpText('after', EXAMPLES)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

await program
  .action(
    async (folder: string, { truth, ...options }: { count: number; broken: number; seed: number; truth?: string }) => {
      if (options.broken > options.count)
        program.error(`--broken ${options.broken} is more than --count ${options.count}.`);
      // Every file in the folder counts as a document, so the truth would become one too.
      if (truth !== undefined && !relative(resolve(folder), resolve(truth)).startsWith('..')) {
        program.error(`--truth ${truth} lies in the folder of documents: choose a path outside of ${folder}.`);
      }
      const documents = await writeSamples(folder, options);
      if (truth !== undefined) {
        await mkdir(dirname(resolve(truth)), { recursive: true });
        await writeFile(truth, `${JSON.stringify({ ...options, documents }, null, 2)}\n`);
      }
      process.stdout.write(`${documents.length} documents in ${resolve(folder)}, ${options.broken} of them broken\n`);
    },
  )
  .parseAsync();

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number, e.g. 60.');
  return Number(text);
}
