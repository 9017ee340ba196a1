import { documentFault } from './faults.ts';

/** What reading one document may take. */
export interface Limits {
  /** Seconds on the clock, in which other work may slow the reader down. */
  readonly seconds: number;
  /** Seconds of a processor. */
  readonly cpuSeconds: number;
  readonly memoryMb: number;
  readonly characters: number;
}

export const LIMITS: Limits = {
  seconds: 60,
  // The slowest of 573 public PDFs takes 4.9, and 8.5 beside other work: two threads share what a core has.
  cpuSeconds: 12,
  memoryMb: 300,
  // About 1,500 full pages.
  characters: 5_000_000,
};

const tooComplex = (how: string): Error =>
  documentFault('too-complex', `The PDF ${how}. Print it to a new PDF and upload that.`);

export const tooSlow = ({ seconds }: Limits): Error => tooComplex(`takes more than ${seconds} seconds to read`);
export const tooMuchWork = ({ cpuSeconds }: Limits): Error =>
  tooComplex(`takes more than ${cpuSeconds} seconds of a processor to read`);
export const tooHungry = ({ memoryMb }: Limits): Error =>
  tooComplex(`takes more than ${memoryMb} MB of memory to read`);
export const tooLong = ({ characters }: Limits): Error =>
  tooComplex(`has more than ${characters.toLocaleString('en-US')} characters of text`);
export const tooMuchUnpacked = (bytes: number): Error =>
  tooComplex(`has a part that unpacks to more than ${bytes / 1_048_576} MB`);
