import { readFile } from 'node:fs/promises';
import { readPdf } from '../../pdf/read-pdf.ts';

/** Tasks that a worker handles at once. */
const TASKS = 5;

/** A program that reads PDFs as a worker does, without a cloud: it prints their outcomes and the memory it took. */
async function main(files: readonly string[]): Promise<void> {
  const [good = '', ...hostile] = files;
  await readAll(Array.from({ length: 2 * TASKS }, () => good));
  const baseMb = peakMb();
  const outcomes = await readAll(hostile);
  const last = await readAll([good]);
  process.stdout.write(JSON.stringify({ baseMb, peakMb: peakMb(), outcomes, last }));
}

async function readAll(files: readonly string[]): Promise<string[]> {
  const left = [...files];
  const outcomes: string[] = [];
  const work = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      outcomes.push(
        await readPdf(await readFile(file)).then(
          () => 'read',
          () => 'rejected',
        ),
      );
    }
  };
  await Promise.all(Array.from({ length: TASKS }, work));
  return outcomes;
}

/** The most that this process has held so far. The system counts it, so that no moment is missed. */
const peakMb = (): number => process.resourceUsage().maxRSS / 1_024;

await main(process.argv.slice(2));
