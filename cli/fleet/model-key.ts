import type { Output } from '../terminal/output.ts';

/** The API key of the real model if the user has set one; null for the simulated Claude. */
export function modelKey(): string | null {
  const key = process.env['ANTHROPIC_API_KEY']?.trim();
  return key === undefined || key === '' ? null : key;
}

/** Warns once, before the first call. */
export function warnOfRealModel(output: Output): void {
  output.line('ANTHROPIC_API_KEY is set: the real Claude API answers and bills you. Unset it for the simulated one.');
}
