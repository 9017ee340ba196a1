import type { Output } from '../terminal/output.ts';

/** The key of the real model when the user has set one; null means that the simulated Claude answers. */
export function modelKey(): string | null {
  const key = process.env['ANTHROPIC_API_KEY']?.trim();
  return key === undefined || key === '' ? null : key;
}

/** Said once before anything is spent. */
export function warnOfRealModel(output: Output): void {
  output.line('ANTHROPIC_API_KEY is set: the real Claude API answers and bills you. Unset it for the simulated one.');
}
