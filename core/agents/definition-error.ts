/** An agent or tool is defined wrongly. The message names it and what to change, for the person who wrote it. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}
