/**
 * The assembly is invalid or uses something that is not supported here. The message names the stack and the resource and
 * says what to do.
 */
export class AssemblyError extends Error {
  /** The position in the assembly: `Stack`, `Stack/LogicalId` or `Stack/LogicalId.Property`. */
  readonly where: string;

  constructor(where: string, message: string) {
    super(`${where}: ${message}`);
    this.name = 'AssemblyError';
    this.where = where;
  }
}
