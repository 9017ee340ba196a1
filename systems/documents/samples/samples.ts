import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawContract } from './contract.ts';
import { breakContract } from './defects.ts';
import { dice } from '#core/chance/dice.ts';
import type { Dice } from '#core/chance/dice.ts';
import { drawLayout } from './layout.ts';
import { renderContract } from './pdf/render.ts';
import { readTemplate } from './template.ts';
import type { Template } from './template.ts';
import { DEFECTS } from './truth.ts';
import type { ContractTruth, Defect } from './truth.ts';

export interface SampleOptions {
  /** Documents in total, including broken ones. */
  readonly count: number;
  /** Broken documents. They get the kinds of DEFECTS in turn. */
  readonly broken: number;
  /** Equal options generate equal files, byte for byte. */
  readonly seed: number;
}

/** The sample that the first `npm start` analyses. It has each kind of defect once. */
export const DEFAULT_SAMPLE: SampleOptions = { count: 60, broken: 6, seed: 2026 };

/** The known contents of one document. `truth` is null if the document is broken. */
export type SampleRecord =
  | { readonly file: string; readonly truth: ContractTruth; readonly defect: null }
  | { readonly file: string; readonly truth: null; readonly defect: Defect };

export type Sample = SampleRecord & { readonly bytes: Uint8Array };

/** The kinds of contract, by their file in systems/documents/data. */
export const TEMPLATES = [
  'mutual-nda',
  'services-agreement',
  'saas-subscription',
  'software-license',
  'employment-agreement',
  'consulting-agreement',
  'commercial-lease',
  'data-processing-addendum',
  'supply-agreement',
  'distribution-agreement',
] as const;

/**
 * Generates sample contracts one by one, so that a large sample needs little memory. No two files are equal, except
 * the empty ones. Each takes about 6 ms on one core.
 */
export async function* generateSamples({ count, broken, seed }: SampleOptions): AsyncGenerator<Sample> {
  if (!(Number.isInteger(count) && Number.isInteger(broken) && broken >= 0 && count >= broken)) {
    throw new RangeError(`count (${count}) and broken (${broken}) must be whole numbers, with broken from 0 to count.`);
  }
  const templates = TEMPLATES.map(readTemplate);
  const defects = dealDefects(count, broken, dice(seed, 'defects'));
  for (let number = 1; number <= count; number++) {
    yield generateSample(templates, number, defects.get(number), dice(seed, 'document', number));
  }
}

/** Writes the samples to a folder, which it creates if necessary, and returns their known contents. */
export async function writeSamples(folder: string, options: SampleOptions): Promise<SampleRecord[]> {
  await mkdir(folder, { recursive: true });
  const records: SampleRecord[] = [];
  for await (const { bytes, ...record } of generateSamples(options)) {
    await writeFile(join(folder, record.file), bytes);
    records.push(record);
  }
  return records;
}

async function generateSample(
  templates: readonly Template[],
  number: number,
  defect: Defect | undefined,
  dice: Dice,
): Promise<Sample> {
  const contract = drawContract(dice.pick(templates), number, dice);
  const layout = drawLayout(contract.region, dice);
  const created = new Date(Date.UTC(2026, 0, 1) + number * 60_000);
  const file = fileName(number, contract.title, contract.truth.parties[1] ?? '', dice);
  if (defect === undefined) {
    return {
      file,
      truth: contract.truth,
      defect: null,
      bytes: await renderContract(contract, layout, dice, { created }),
    };
  }
  return { file, truth: null, defect, bytes: await breakContract(defect, contract, layout, dice, created) };
}

/** Picks the broken documents and their defects. */
function dealDefects(count: number, broken: number, dice: Dice): Map<number, Defect> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  // The first steps of a Fisher–Yates shuffle.
  for (let index = 0; index < broken; index++) {
    const other = dice.int(index, count - 1);
    [numbers[index], numbers[other]] = [numbers[other] ?? 0, numbers[index] ?? 0];
  }
  return new Map(numbers.slice(0, broken).map((number, index) => [number, DEFECTS[index % DEFECTS.length] ?? 'empty']));
}

/** A realistic file name. Some have spaces and accents. The number keeps the name unique and in order. */
function fileName(number: number, title: string, party: string, dice: Dice): string {
  const start = String(number).padStart(5, '0');
  const short = party
    .replaceAll(/[^\p{L} ]/gu, '')
    .split(/ +/)
    .slice(0, 2)
    .join(' ');
  if (dice.chance(0.15)) return `${start} ${title} (${short}) signed.pdf`;
  const plain = `${title} ${short}`.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return `${start}-${plain.replaceAll(/[^a-z0-9]+/g, '-')}.pdf`;
}
