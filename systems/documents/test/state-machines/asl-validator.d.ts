/** asl-validator 4 ships no types. */
declare module 'asl-validator' {
  /** Checks a definition against JSON schemas of the Amazon States Language, and its transitions. */
  export default function validate(definition: object): {
    readonly isValid: boolean;
    readonly errors: readonly object[];
  };
}
