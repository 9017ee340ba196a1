/** Files in which a repository states its rules. */
export const GUIDANCE = [
  'CONTRIBUTING.md',
  '.github/CONTRIBUTING.md',
  'docs/CONTRIBUTING.md',
  'REVIEW.md',
  'AGENTS.md',
];
const MAX_GUIDANCE = 12_000;

/** The rules of a repository from the texts of its files; null when it has none. */
export function guidanceFrom(texts: readonly string[]): string | null {
  const text = texts.join('\n\n');
  return text.trim() === '' ? null : text.slice(0, MAX_GUIDANCE).toWellFormed();
}
