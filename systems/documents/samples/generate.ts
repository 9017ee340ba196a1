import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_SAMPLE, writeSamples } from './samples.ts';

const EXAMPLES = `
Examples:
  node systems/documents/samples/generate.ts /tmp/contracts
  node systems/documents/samples/generate.ts /tmp/contracts --count 1000 --broken 20 --seed 7
  node systems/documents/samples/generate.ts /tmp/contracts --truth /tmp/truth.json

The same --count, --broken and --seed generate the same files on every machine.`;

const program = new Command('generate.ts')
  .description('Writes sample contracts (PDF) to a folder. Some of them are broken.')
  .argument('<folder>', 'folder for the PDFs; created if it does not exist')
  .option('--count <n>', 'number of documents, including broken ones', wholeNumber, DEFAULT_SAMPLE.count)
  .option('--broken <n>', 'number of broken documents', wholeNumber, DEFAULT_SAMPLE.broken)
  .option('--seed <n>', 'a different seed generates different contracts', wholeNumber, DEFAULT_SAMPLE.seed)
  .option('--truth <file>', 'JSON file for the known contents of each document; must be outside the folder')
  .addHelpText('after', EXAMPLES)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

await program
  .action(
    async (folder: string, { truth, ...options }: { count: number; broken: number; seed: number; truth?: string }) => {
      if (options.broken > options.count)
        program.error(`--broken ${options.broken} is more than --count ${options.count}. Lower --broken.`);
      // Every file in the folder counts as a document, and the truth must not become one.
      if (truth !== undefined && !relative(resolve(folder), resolve(truth)).startsWith('..')) {
        program.error(`--truth ${truth} is inside the folder of the documents. Choose a path outside ${folder}.`);
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
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number, for example 60.');
  return Number(text);
}
