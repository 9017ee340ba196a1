import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Choices } from '../random.ts';

/** A share that is traded. Ticker, company, sector and CIK are real; the rest is made up and the same for every seed. */
export interface Instrument {
  /** `cik:` and ten digits. */
  readonly subject: string;
  readonly cik: string;
  readonly ticker: string;
  readonly company: string;
  readonly sector: string;
  /** US dollars of a share, roughly. */
  readonly level: number;
  /** Percent that it moves when the market moves by one percent. */
  readonly beta: number;
  /** Deviation of its own moves in a calm day, in percent. */
  readonly volatility: number;
}

const FILE = join(import.meta.dirname, '../../data/instruments.csv');

function readInstruments(): Instrument[] {
  const [, ...rows] = readFileSync(FILE, 'utf8').trimEnd().split('\n');
  return rows.map((row) => {
    const [ticker = '', company = '', sector = '', cik = ''] = row.match(/(?<=^|,)(?:"[^"]*"|[^,]*)/g) ?? [];
    const choices = new Choices(`instrument/${cik}`);
    return {
      subject: `cik:${cik}`,
      cik,
      ticker,
      company: company.replaceAll('"', ''),
      sector,
      level: Math.round(Math.exp(choices.within([Math.log(25), Math.log(600)]))),
      beta: Math.round(choices.within([0.5, 1.5]) * 100) / 100,
      volatility: Math.round(choices.within([0.7, 1.9]) * 100) / 100,
    };
  });
}

let all: readonly Instrument[] | undefined;

/** All 500 instruments, by ticker. */
export const allInstruments = (): readonly Instrument[] => (all ??= readInstruments());

/** `count` instruments: `held` always, the others chosen by the seed, in the order of the list. */
export function chooseInstruments(seed: number, count: number, held: readonly string[]): Instrument[] {
  const known = new Set(held);
  const others = allInstruments().filter(({ subject }) => !known.has(subject));
  const chosen = new Choices(`${seed}/instruments`).sample(others, Math.max(0, count - known.size));
  for (const { subject } of chosen) known.add(subject);
  return allInstruments().filter(({ subject }) => known.has(subject));
}
