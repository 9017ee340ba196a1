/**
 * The assembly asks for something this machine cannot do, or is not a valid assembly. The message names the stack and
 * the resource, and says what to do about it.
 */
export class AssemblyError extends Error {
  /** Where in the assembly: `Stack`, `Stack/LogicalId` or `Stack/LogicalId.Property`. */
  readonly where: string;

  constructor(where: string, message: string) {
    super(`${where}: ${message}`);
    this.name = 'AssemblyError';
    this.where = where;
  }
}
